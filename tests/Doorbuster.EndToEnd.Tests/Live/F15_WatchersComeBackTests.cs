using System.Diagnostics;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>
/// F15: a server goes with all its watchers, killed or told to, and all of them come back, each after the time that the
/// server drew for it. Each finds in its snapshot what it missed, and the claims that come with them are answered as
/// fast as before.
/// </summary>
public sealed class F15_WatchersComeBackTests
{
    private const int Watchers = 1_000;
    private const int Buyers = 100;

    /// <summary>Claims before anything is measured: a server that has just started compiles as it goes.</summary>
    private const int WarmUp = 200;

    private const int Measured = 400;

    /// <summary>The most claims while watchers come back; they come one after another.</summary>
    private const int MostMeanwhile = 20_000;

    /// <summary>
    /// How much slower the slowest claim of a hundred may be while they come back. Watchers, buyers and server share
    /// the machine here, so the factor is generous: it is there to tell a claim path that waits for the watchers.
    /// </summary>
    private const double Factor = 25;

    /// <summary>Below this a claim is as fast as it need be, and a ratio says nothing.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(Child.SigKill, true)]
    [InlineData(Child.SigTerm, false)]
    public async Task F15_a_thousand_watchers_come_back_to_the_truth_while_claims_keep_their_latency(
        int signal, bool overEvents)
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        string sale;
        List<Returner> watches;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(Buyers + WarmUp + Measured + MostMeanwhile));
            watches =
            [
                .. Enumerable.Range(0, Watchers)
                    .Select(n => new Returner(server.Api.Address, sale, NameOf(n), overEvents)),
            ];
            await EachAsync(watches, watch => watch.OpenAsync());
            await EachAsync(Enumerable.Range(0, Buyers), n => ClaimAsync(server, sale, NameOf(n)!));
            server.Signal(signal);
            await server.ExitAsync();
        }

        await EachAsync(watches, watch => watch.EndedAsync());
        IsSpread([.. watches.Select(watch => watch.Told)]);

        await using var restarted = await Server.StartAsync(plan);
        await ClaimAllAsync("warm", WarmUp, () => false);
        var before = await ClaimAllAsync("before", Measured, () => false);
        var comingBack = Task.WhenAll(watches.Select(watch => watch.ComeBackAsync()));
        var meanwhile = await ClaimAllAsync("meanwhile", MostMeanwhile, () => comingBack.IsCompleted);
        await comingBack;

        Assert.True(meanwhile.Count >= 100, $"Only {meanwhile.Count} claims were answered meanwhile.");
        var (usual, most) = (Slowest(before), Slowest(meanwhile));
        Assert.True(
            most <= Factor * (usual > Quick ? usual : Quick),
            $"Of {meanwhile.Count} claims while watchers came back 1 % took over {most}; before that {usual}.");
        (await restarted.Api.OperateAsync(sale, "pause")).Is(200);
        await EachAsync(watches, watch => watch.KnowsAsync("paused"));
        await EachAsync(watches, async watch => await watch.DisposeAsync());

        async Task<List<TimeSpan>> ClaimAllAsync(string who, int most, Func<bool> isOver)
        {
            var took = new List<TimeSpan>();
            while (took.Count < most && !isOver())
            {
                var began = Stopwatch.GetTimestamp();
                await ClaimAsync(restarted, sale, $"{who}-{took.Count}");
                took.Add(Stopwatch.GetElapsedTime(began));
            }

            return took;
        }
    }

    private static string? NameOf(int watcher) => watcher < Buyers ? $"buyer-{watcher}" : null;

    private static async Task ClaimAsync(Server server, string sale, string buyer)
    {
        var token = ("Purchase-Token", PurchaseTokenForge.Genuine(sale, buyer));
        (await server.Api.PostAsync($"/v1/sales/{sale}/orders", null, "{}", token, ("Idempotency-Key", "k"))).Is(201);
    }

    private static Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> act) => Parallel.ForEachAsync(
        all, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (one, _) => await act(one));

    /// <summary>Each was told another time, and no second is asked of much more than its share.</summary>
    private static void IsSpread(IReadOnlyList<TimeSpan> told)
    {
        Assert.All(told, one => Assert.InRange(one, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6)));
        Assert.True(told.Distinct().Count() > told.Count / 2, "Many were told the same time.");
        Assert.All(
            told.GroupBy(one => Math.Min((int)one.TotalSeconds, 5)),
            second => Assert.True(second.Count() <= told.Count / 3, $"{second.Count()} in second {second.Key}."));
    }

    private static TimeSpan Slowest(IEnumerable<TimeSpan> took)
    {
        var inOrder = took.Order().ToList();
        return inOrder[inOrder.Count * 99 / 100];
    }
}
