using Doorbuster.Admission;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Writes files of claims for wrk: every line a new buyer with a purchase token that the server accepts.
/// </summary>
internal sealed class Tokens(byte[] key)
{
    private readonly PurchaseTokens _tokens = new([key], TimeProvider.System);

    /// <summary>Writes one file a thread of wrk.</summary>
    /// <param name="prefix">The files' common prefix.</param>
    /// <param name="count">Claims in all.</param>
    /// <param name="sales">The sales, taken in turn.</param>
    /// <param name="path">The path of a sale's claims.</param>
    public void Write(string prefix, int count, IReadOnlyList<SaleId> sales, Func<SaleId, string> path)
    {
        for (var thread = 0; thread < Wrk.Threads; thread++)
        {
            using var file = new StreamWriter($"{prefix}{thread}");
            for (var i = 0; i < count / Wrk.Threads; i++)
            {
                var sale = sales[(i * Wrk.Threads + thread) % sales.Count];
                var (token, _) = _tokens.Issue(sale, BuyerId.Parse(Guid.NewGuid().ToString()));
                file.Write(path(sale));
                file.Write(' ');
                file.Write(token);
                file.Write('\n');
            }
        }
    }
}
