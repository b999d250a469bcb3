using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// One buyer, named by the token that the command line gave, who claims again and again with a new idempotency key each
/// time: what the per-buyer limit is there for.
/// </summary>
internal sealed class SingleBuyer(string token) : IBuyers
{
    /// <inheritdoc/>
    public int CountFor(int claims) => 1;

    /// <inheritdoc/>
    public ValueTask<string> SignInAsync(int buyer, HttpConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult(token);
}
