namespace Doorbuster.Benchmarks;

/// <summary>
/// What the ways of the tutorials reach here: orders in the database a second, while stock lasts and every buyer is
/// new, the time in which a queue is worked off among it.
/// </summary>
internal sealed class BaselineFigures(BenchOptions options, string work)
{
    private const int Connections = 256;
    private const int Plenty = 50_000_000;
    private const int MostClaimsPerSecond = 40_000;

    private int _sales;

    public async Task<double> OrdersPerSecondAsync(BaselineProcess baseline, byte[] key)
    {
        var sale = SaleId.Parse($"baseline-{++_sales}-{Guid.NewGuid():N}");
        await baseline.CreateSaleAsync(sale, Plenty);
        var tokens = Path.Combine(work, "baseline-tokens-");
        new Tokens(key).Write(tokens, options.Seconds * MostClaimsPerSecond, [sale], s => $"/v1/sales/{s}/orders");
        await Wrk.RunAsync(
            baseline.Address.ToString(), "claims.lua", Connections, TimeSpan.FromSeconds(options.Seconds), tokens);
        return await UntilAtRestAsync(baseline, sale);
    }

    /// <summary>Waits until the queue is worked off, for no order has come for a second.</summary>
    /// <returns>Orders a second, from the first to the last.</returns>
    private static async Task<double> UntilAtRestAsync(BaselineProcess baseline, SaleId sale)
    {
        var (before, _) = await baseline.CountAsync(sale);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var (orders, seconds) = await baseline.CountAsync(sale);
            if (orders == before)
            {
                return orders / seconds;
            }

            before = orders;
        }
    }
}
