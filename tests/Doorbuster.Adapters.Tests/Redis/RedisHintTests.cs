using System.Collections.Concurrent;
using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Redis;
using Doorbuster.Servers;
using StackExchange.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Hints over a real server: every other node hears them, and a server that was away is found again.</summary>
public sealed class RedisHintTests(RedisProcess redis) : IClassFixture<RedisProcess>, IAsyncLifetime
{
    private readonly List<ConnectionMultiplexer> _connections = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_other_node_hears_which_orders_have_changed_and_whose_they_are()
    {
        var (one, two, three) = (await LineAsync("one"), await LineAsync("two"), await LineAsync("three"));
        OrderHint[] hints =
        [
            .. Enumerable.Range(0, OrderHint.MostAtOnce - 1).Select(i => Hint("drop", $"buyer-{i}")),
            Hint("other", "anna"),
        ];

        await HeardAsync(one, hints, by: [two, three]);

        Assert.Empty(one.Heard);
        Assert.All([two, three], line => Assert.True(line.Heard.ToHashSet().SetEquals(hints)));
    }

    [Fact]
    public async Task What_is_no_hint_is_heard_by_nobody()
    {
        var (one, two) = (await LineAsync("one"), await LineAsync("two"));
        foreach (var message in (byte[][])[[], [200], [3, 1, 2, 3], [0, 1, 88, 0, 9, 1], [0, 2, 97, 97, 255, 255, 7]])
        {
            await redis.Database.PublishAsync("db:hints", message);
        }

        await HeardAsync(one, [Hint("drop", "anna")], by: [two]);

        Assert.Equal([Hint("drop", "anna")], two.Heard.Distinct());
    }

    [Fact]
    public async Task After_the_server_was_away_hints_are_heard_again_and_sending_meanwhile_fails_nobody()
    {
        var (one, two) = (await LineAsync("one"), await LineAsync("two"));
        await HeardAsync(one, [Hint("drop", "anna")], by: [two]);

        await redis.KillAsync();
        await one.Hints.SendAsync([Hint("drop", "bert")], Cancel);
        await redis.StartAsync();

        await HeardAsync(one, [Hint("drop", "carl")], by: [two]);
        Assert.DoesNotContain(Hint("drop", "bert"), two.Heard);
    }

    /// <summary>Says something until all have heard all of it: who has just come may have missed it at first.</summary>
    private static Task HeardAsync(Line from, OrderHint[] hints, Line[] by) => Waiting.UntilAsync(
        "the hints were heard",
        async () =>
        {
            await from.Hints.SendAsync(hints, Cancel);
            return Array.TrueForAll(by, line => line.Heard.ToHashSet().IsSupersetOf(hints));
        });

    private static OrderHint Hint(string sale, string buyer) =>
        OrderHint.Of(Samples.Order(Samples.Sale(sale), buyer));

    private async Task<Line> LineAsync(string node)
    {
        var connection = await redis.ConnectAsync();
        _connections.Add(connection);
        var line = new Line(new RedisHints(connection, node, TimeSpan.FromSeconds(5), TimeProvider.System), []);
        line.Hints.Listen(hints =>
        {
            foreach (var hint in hints)
            {
                line.Heard.Enqueue(hint);
            }
        });
        return line;
    }

    private sealed record Line(RedisHints Hints, ConcurrentQueue<OrderHint> Heard);
}
