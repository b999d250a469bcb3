using System.Diagnostics;
using Doorbuster.Comparison.Load;
using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison;

/// <summary>What a contender came to.</summary>
/// <param name="Contender">Who it is.</param>
/// <param name="Floods">What it can do at most, a flood after the other.</param>
/// <param name="RefusalsPerSecond">Refusals a second, once nothing is left.</param>
/// <param name="Calm">The sale in which nothing goes wrong.</param>
/// <param name="Killed">The sale in which every program of the contender is killed halfway.</param>
/// <param name="SetBack">The sale in which Redis comes back older; null where there is none.</param>
internal sealed record Result(
    Contender Contender,
    IReadOnlyList<Pace> Floods,
    double RefusalsPerSecond,
    SaleOutcome Calm,
    SaleOutcome Killed,
    SaleOutcome? SetBack)
{
    /// <summary>Claims told yes and orders committed a second: the median of the floods.</summary>
    public Pace AtMost { get; } = Pace.MedianOf(Floods);

    /// <summary>The sales, each with a name.</summary>
    public IEnumerable<(string Name, SaleOutcome Outcome)> Sales =>
        from sale in ((string Name, SaleOutcome? Outcome)[])
            [("calm", Calm), ("server killed", Killed), ("Redis set back", SetBack)]
        where sale.Outcome is not null
        select (sale.Name, sale.Outcome);
}

/// <summary>Puts one contender through everything, each trial on a ground of its own.</summary>
internal sealed class Trials(ComparisonPlan plan, Contender contender, Backing backing)
{
    private static readonly SaleId Sale = SaleId.Parse("drop");

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task<Result> RunAsync()
    {
        var (calm, refusals, paces) = await CalmAsync();
        return new Result(
            contender,
            paces,
            refusals,
            calm,
            await KilledAsync(),
            contender.Needs.HasFlag(Needs.Redis) ? await SetBackAsync() : null);
    }

    /// <summary>The sale as it should go, and then what the same programs, warm as they are, can do at most.</summary>
    private async Task<(SaleOutcome Calm, double Refusals, IReadOnlyList<Pace> Paces)> CalmAsync()
    {
        var ground = await backing.NextAsync(hasLog: true);
        await using var shop = contender.Open(ground);
        await shop.StartAsync();
        var floods = new Floods(plan, shop, ground.Folder);
        await floods.WarmUpAsync();
        var calm = await JudgeAsync(shop);
        var refusals = await floods.RefusalsAsync();
        return (calm, refusals, await floods.ClaimsAsync());
    }

    /// <summary>Its programs are killed once half of the units were promised, and started again.</summary>
    private async Task<SaleOutcome> KilledAsync()
    {
        await using var shop = contender.Open(await backing.NextAsync(hasLog: true));
        await shop.StartAsync();
        return await JudgeAsync(shop, new Milestone(plan.Units / 2, async () =>
        {
            await shop.KillAsync();
            await shop.StartAsync();
        }));
    }

    /// <summary>Redis is killed once half of the units were promised, and comes back as it was at a quarter.</summary>
    private async Task<SaleOutcome> SetBackAsync()
    {
        var ground = await backing.NextAsync(hasLog: false);
        await using var shop = contender.Open(ground);
        await shop.StartAsync();
        var quarter = new Milestone(plan.Units / 4, ground.SnapshotAsync);
        var half = new Milestone(plan.Units / 2, async () =>
        {
            await quarter.Happened;
            await ground.SetRedisBackAsync();
        });
        return await JudgeAsync(shop, quarter, half);
    }

    /// <summary>
    /// Lets the crowd come, and those who come late, and waits for what is still on its way as long as they would.
    /// </summary>
    private async Task<SaleOutcome> JudgeAsync(IShop shop, params Milestone[] milestones)
    {
        await shop.CreateSaleAsync(Sale, plan.Units);
        var crowd = await new Clicks(shop, Sale, plan.Clicks, plan.ClicksPerSecond, milestones).RunAsync();
        if (!Array.TrueForAll(milestones, milestone => milestone.IsReached))
        {
            throw new InvalidOperationException($"{contender.Name} never promised half of its units.");
        }

        var waited = Stopwatch.StartNew();
        var late = await new Latecomers(shop, Sale).RunAsync(plan.Units, plan.Patience);
        IReadOnlyList<Click> clicks = [.. crowd, .. late];
        var outcome = SaleJudge.Decide(plan.Units, clicks, await shop.ReadAsync(Sale));
        while (outcome.InVain > 0 && waited.Elapsed < plan.Patience)
        {
            await Task.Delay(Pause);
            outcome = SaleJudge.Decide(plan.Units, clicks, await shop.ReadAsync(Sale));
        }

        return outcome;
    }
}
