using Doorbuster.Benchmarks;
using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison.Load;

/// <summary>
/// What a shop can do at most: more arrivals than anyone can take, 256 of them under way at any moment, each a new
/// buyer with a claim of its own. Who is answered makes room for the next, so that the shop is never without work.
/// </summary>
/// <param name="plan">How long.</param>
/// <param name="shop">The shop, warm.</param>
/// <param name="folder">Where tokens are written.</param>
internal sealed class Floods(ComparisonPlan plan, IShop shop, string folder)
{
    private const int Connections = 256;
    private const int Plenty = 50_000_000;

    /// <summary>How long a queue may take to be worked off before it is measured.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    /// <summary>More than any contender answers, so that no buyer comes twice.</summary>
    private const int MostClaimsPerSecond = 100_000;

    /// <summary>Refusals a second of a sale whose only unit is gone.</summary>
    public async Task<double> RefusalsAsync()
    {
        var sale = SaleId.Parse("gone");
        await shop.CreateSaleAsync(sale, 1);
        await new Latecomers(shop, sale).RunAsync(1, plan.Patience);
        var run = await FireAsync(sale, plan.Flood);
        return run.Refused == run.Requests
            ? run.PerSecond
            : throw new InvalidOperationException($"{run.Requests - run.Refused} were told yes, and nothing was left.");
    }

    /// <summary>Claims, and the orders that come of them, in one flood after another.</summary>
    public async Task<IReadOnlyList<Pace>> ClaimsAsync()
    {
        var paces = new List<Pace>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var sale = SaleId.Parse($"plenty-{round}");
            paces.Add(await ClaimsAsync(sale));
            if (round < plan.Rounds)
            {
                // What a queue still holds would be in the way of the next.
                await UntilAtRestAsync(sale, DateTimeOffset.UtcNow + LongestRest);
            }
        }

        return paces;
    }

    /// <summary>
    /// Has a shop's code compiled for what it will be measured at: claims, and refusals once they are gone.
    /// </summary>
    public async Task WarmUpAsync()
    {
        var sale = SaleId.Parse("warm-up");
        await shop.CreateSaleAsync(sale, plan.WarmUpUnits);
        await FireAsync(sale, plan.Flood);

        // The crowd's own code as well: what it costs while it is new would count as the shop's slowness.
        await new Clicks(shop, sale, plan.ClicksPerSecond, plan.ClicksPerSecond).RunAsync();
        await UntilAtRestAsync(sale, DateTimeOffset.UtcNow + LongestRest);
    }

    private async Task<Pace> ClaimsAsync(SaleId sale)
    {
        await shop.CreateSaleAsync(sale, Plenty);
        var begun = DateTimeOffset.UtcNow;
        var run = await FireAsync(sale, plan.Round);
        var claims = (run.Requests - run.Refused) / run.Seconds;
        await UntilAtRestAsync(sale, begun + plan.Window);
        var orders = await shop.ReadAsync(sale);

        // A store that does not note its commits answers after them, so its orders are those of the flood's time.
        var times = orders.Where(order => order.CommittedAt is not null).Select(order => order.CommittedAt!.Value)
            .Order().ToList();
        return times.Count == 0
            ? new Pace(claims, orders.Count / run.Seconds)
            : new Pace(claims, PerSecond(times, times[0] + plan.Window));
    }

    private static double PerSecond(List<DateTimeOffset> times, DateTimeOffset end)
    {
        var within = times.TakeWhile(time => time <= end).ToList();
        return within.Count / Math.Max((within[^1] - within[0]).TotalSeconds, 0.001);
    }

    /// <summary>Waits until no order has come for a second, or the window is over.</summary>
    private async Task UntilAtRestAsync(SaleId sale, DateTimeOffset end)
    {
        for (var (before, now) = (-1L, 0L); before != now && DateTimeOffset.UtcNow < end;)
        {
            before = now;
            await Task.Delay(TimeSpan.FromSeconds(1));
            now = await shop.CountAsync(sale);
        }
    }

    private async Task<WrkRun> FireAsync(SaleId sale, TimeSpan duration)
    {
        var files = Path.Combine(folder, "tokens-");
        new Tokens(shop.Key).Write(
            files, (int)(duration.TotalSeconds * MostClaimsPerSecond), [sale], s => $"/v1/sales/{s}/orders");
        return await Wrk.RunAsync(shop.Address.ToString(), "claims.lua", Connections, duration, files);
    }
}
