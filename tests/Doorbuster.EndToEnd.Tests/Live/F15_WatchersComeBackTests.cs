using System.Diagnostics;
using System.Net.WebSockets;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>
/// F15: a server dies with all its watchers, and all of them come back. Each finds in its snapshot what it missed, and
/// the claims that come with them are answered.
/// </summary>
public sealed class F15_WatchersComeBackTests
{
    private const int Watchers = 1_000;
    private const int Buyers = 100;
    private const int Later = 200;

    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task F15_a_thousand_watchers_come_back_to_the_truth_while_claims_go_on()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        string sale;
        List<Watch> watches;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(Buyers + Later));
            watches = [.. Enumerable.Range(0, Watchers).Select(n => new Watch(server.Api.Address, sale, NameOf(n)))];
            await EachAsync(watches, watch => watch.OpenAsync());
            await EachAsync(Enumerable.Range(0, Buyers), n => ClaimAsync(server, sale, NameOf(n)!));
            await server.KillAsync();
        }

        await using var restarted = await Server.StartAsync(plan);
        var comingBack = Task.WhenAll(watches.Select(watch => watch.ComeBackAsync(Spread)));
        var slowest = TimeSpan.Zero;
        for (var n = 0; n < Later; n++)
        {
            var clock = Stopwatch.StartNew();
            await ClaimAsync(restarted, sale, $"later-{n}");
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
        }

        await comingBack;
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"A claim waited {slowest} while watchers came back.");
        foreach (var watch in watches)
        {
            await watch.KnowsAsync(isSoldOut: true);
            await watch.DisposeAsync();
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

    /// <summary>One who watches, and comes back after a time of its own.</summary>
    private sealed class Watch(Uri server, string sale, string? buyer)
    {
        private LiveSocket? _socket;

        public async Task OpenAsync()
        {
            (string, string)[] headers =
                buyer is null ? [] : [("Purchase-Token", PurchaseTokenForge.Genuine(sale, buyer))];
            _socket = await LiveSocket.OpenAsync(server, $"/v1/sales/{sale}/live", headers);
            await _socket.Log.ForAsync("snapshot");
        }

        public async Task ComeBackAsync(TimeSpan spread)
        {
            await _socket!.EndedAsync();
            await _socket.DisposeAsync();
            await Waiting.UntilAsync("a watcher was back", async () =>
            {
                await Waiting.ForComebackAsync(spread);
                return await IsInAsync();
            });
        }

        public async Task KnowsAsync(bool isSoldOut)
        {
            var log = _socket!.Log;
            await Waiting.UntilAsync("a watcher knew how the sale stands", () =>
                log.Of("snapshot").Select(message => message.GetProperty("sale")).Concat(log.Of("sale"))
                    .Any(sale => sale.GetProperty("soldOut").GetBoolean() == isSoldOut));
            var orders = log.Of("snapshot")[0].GetProperty("orders").EnumerateArray().ToList();
            Assert.Equal(buyer is null ? 0 : 1, orders.Count);
            Assert.All(orders, order => Assert.Equal("reserved", order.GetProperty("status").GetString()));
        }

        public ValueTask DisposeAsync() => _socket!.DisposeAsync();

        private async Task<bool> IsInAsync()
        {
            try
            {
                await OpenAsync();
                return true;
            }
            catch (WebSocketException)
            {
                return false;
            }
        }
    }
}
