using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>Buyers whose tokens are signed here, because the server's key is at hand. It costs no call.</summary>
/// <param name="mint">Makes the JWT that names a buyer, from the buyer's id.</param>
/// <param name="runId">Begins every buyer's id.</param>
internal sealed class MintedBuyers(Func<string, string> mint, string runId) : IBuyers
{
    /// <inheritdoc/>
    public int CountFor(int claims) => claims;

    /// <inheritdoc/>
    public ValueTask<string> SignInAsync(int buyer, HttpConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult(mint($"{runId}-{buyer}"));
}
