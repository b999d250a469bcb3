using System.Globalization;

namespace Doorbuster.Chaos;

/// <summary>
/// Two nodes that take claims, two workers, a Redis, a PostgreSQL and buyers who never give up, while all of the former
/// are killed again and again: nothing lost, nothing twice, everything sold.
/// </summary>
internal static class Run
{
    private const int MostTold = 20;

    /// <summary>Makes a run and tells what came of it.</summary>
    /// <returns>Whether no answer was a lie.</returns>
    public static async Task<bool> ToTheEndAsync(ChaosPlan plan)
    {
        Console.WriteLine($"Starting two nodes, two workers and their servers; claims go by {plan.Queue}.");
        await using var cluster = await Cluster.StartAsync(plan.Queue);
        var sales = await OpenSalesAsync(cluster, plan);
        var history = new History();
        var storm = new Storm(cluster, plan);
        await RushAsync(cluster, plan, sales, history, storm);

        Console.WriteLine("The faults are over; waiting for rest.");
        using var judge = new Api(cluster.Apis[0].Address);
        var verdict = new Verdict(judge, plan, sales, history);
        await verdict.JudgeAsync();
        verdict.Add(await cluster.BreakdownsAsync());
        Tell(plan, storm, history, verdict);
        return verdict.Breaches.Count == 0 && storm.Faults.Count > 0;
    }

    private static async Task<List<string>> OpenSalesAsync(Cluster cluster, ChaosPlan plan)
    {
        var sales = new List<string>();
        foreach (var number in Enumerable.Range(1, plan.Sales))
        {
            var terms = new Terms(plan.Quantity)
            {
                Id = $"chaos-{number}",
                PerBuyerLimit = plan.Limit,
                PaymentWindow = "PT15S",
            };
            sales.Add((await cluster.Apis[0].CreateAsync(terms)).Is(201).Text("id"));
        }

        return sales;
    }

    private static async Task RushAsync(
        Cluster cluster, ChaosPlan plan, IReadOnlyList<string> sales, History history, Storm storm)
    {
        var rush = new Rush(cluster, plan, sales, history);
        var crowd = rush.RunAsync();
        await storm.BlowAsync();
        rush.End();
        await crowd.WaitAsync(TimeSpan.FromMinutes(3));
    }

    private static void Tell(ChaosPlan plan, Storm storm, History history, Verdict verdict)
    {
        Say($"{plan.Seconds} s of faults, claims by {plan.Queue}, seed {plan.Seed}");
        Say($"  {history.Attempts.Count,8:#,0} attempts");
        Say($"  {history.Attempts.Count(attempt => attempt.Order is not null),8:#,0} answered with an order");
        Say($"  {history.Captures.Count,8:#,0} payments captured");
        Say($"  {verdict.AdmittedAfterAll,8:#,0} refused once, and admitted by another click");
        Say($"  {verdict.FoundLost,8:#,0} lost, and told so when they asked");
        foreach (var (state, orders) in verdict.States.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Say($"  {orders,8:#,0} orders {state}");
        }

        foreach (var (fault, times) in storm.Faults)
        {
            Say($"  {times,8:#,0} x {fault}");
        }

        Say($"{verdict.Breaches.Count} breaches of the law");
        foreach (var breach in verdict.Breaches.Take(MostTold))
        {
            Say($"  {breach}");
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
