using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Redis;
using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>
/// A whole node over a cluster whose primary is killed mid-sale: its replica may lack the last claims, so its gate is
/// opened anew from the store, and the sale sells to its last unit (I1, I2, I4).
/// </summary>
public sealed class F05_FailoverTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly InMemoryStore _store = new() { IsShared = true, Clock = TimeProvider.System };
    private readonly Dictionary<string, OrderId> _orders = [];
    private RedisCluster? _cluster;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync() => _cluster = await RedisCluster.StartNewAsync(replicas: 1);

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task F05_a_primary_that_is_killed_mid_sale_costs_nobody_a_truthful_answer_and_no_unit()
    {
        using var connection = await RedisServer.ConnectAsync(_cluster!.Endpoints);
        var node = NodeOver(connection);
        await node.Office.OpenAllAsync(default);
        _running = node.RunAsync(_stop.Token);
        var sale = Samples.Sale(quantity: 60) with { OpensAt = DateTimeOffset.UnixEpoch };
        Assert.Equal(SaleCreation.Created, await node.Office.CreateAsync(sale, default));

        for (var i = 0; i < 30; i++)
        {
            await ClaimAsync(node, $"early-{i}");
        }

        await _cluster.FailOverAsync($"db:{{{sale.Id}}}:gate");
        var outcome = Outcome.Admitted;
        for (var i = 0; outcome != Outcome.SoldOut && i < 200; i++)
        {
            outcome = await ClaimAsync(node, $"late-{i}");
        }

        await EndAsync(node, sale);

        // The one that is dead is not missed.
        Assert.Empty(await RedisServer.CheckAsync(connection, Waiting.Patience, TimeProvider.System, default));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    /// <summary>Claims under one key until something definite is said.</summary>
    private async Task<Outcome> ClaimAsync(Node node, string buyer)
    {
        var listing = await node.Office.FindAsync("drop", default);
        var answer = default(ClaimAnswer);
        await Waiting.UntilAsync("the claim was answered", async () =>
        {
            Assert.False(_running.IsCompleted, $"The node has stopped: {_running.Exception}");
            answer = await node.Desk.ClaimAsync(listing!, BuyerId.Parse(buyer), "k", 1, default);
            return answer.Outcome is Outcome.Admitted or Outcome.Replayed or Outcome.SoldOut;
        });
        if (answer.Order is { } order)
        {
            _orders.Add(buyer, order.Id);
        }

        return answer.Outcome!.Value;
    }

    /// <summary>
    /// Each order that was answered is reserved, or was lost and is said to be; what was lost is sold to others.
    /// </summary>
    private async Task EndAsync(Node node, Sale sale)
    {
        var reserved = 0;
        foreach (var (buyer, id) in _orders)
        {
            Order? order = null;
            await Waiting.UntilAsync("the order had ended or was reserved", async () =>
            {
                order = await node.Finder.FindAsync(id, BuyerId.Parse(buyer), default);
                return order is { Status: not OrderStatus.Queued };
            });
            Assert.True(
                order is { Status: OrderStatus.Reserved } or { Rejection: RejectionReason.AdmissionLost }, $"{order}");
            reserved += order!.Held;
        }

        Assert.True(reserved == sale.Quantity, $"{reserved} of {_orders.Count} orders are reserved.");
        var stock = _store.Contents(sale.Id).Stock;
        Assert.True(stock is { Available: 0, LawHolds: true }, $"{stock}");
        Assert.Equal((GateStanding.Open, 0), await StandsAsync(node, sale));
        Assert.NotEmpty(_store.Raised);
    }

    private static async Task<(GateStanding, long?)> StandsAsync(Node node, Sale sale)
    {
        var look = await ((ISharedGate)node.Gate).LookAsync(sale.Id, default);
        return (look.Standing, look.View?.Available);
    }

    private Node NodeOver(StackExchange.Redis.IConnectionMultiplexer connection)
    {
        var timeout = TimeSpan.FromSeconds(2);
        var gate = new RedisGate(connection, new RedisGateOptions { CallTimeout = timeout }, TimeProvider.System);
        var parts = new SharedParts(
            "node", gate, reader => new RedisClaimLog(connection, reader, timeout, TimeProvider.System), _store, _store,
            _store, _store, _store, _store, _store, new InMemoryLease(TimeProvider.System), _store)
        {
            Hints = new RedisHints(connection, "node", timeout, TimeProvider.System),
            Letters = _store,
        };
        return new Node(
            parts, NodeRoles.Both, new NodeSettings(Provider: null, new Limits(), TimeProvider.System, Lanes: 2));
    }
}
