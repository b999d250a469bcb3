using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>
/// The gate that nodes share: each batch of a sale is decided by one script in Redis, which logs what it admits in the
/// same step. What it admits is queued: fulfilment makes orders of it.
/// </summary>
/// <remarks>
/// <para>
/// Invariant: a gate is believed only while it is whole and its server is the one, and in the run, under which it was
/// opened. So a Redis that lost something, or came back older, admits nothing until it is rebuilt from the store, whose
/// guard holds meanwhile. What is called twice is done once; every call has a time-out, after which it may still run.
/// </para>
/// <para>
/// Shown by <c>RedisTwinTests</c>, <c>SharedGateConformance</c> and the tests of F01 to F05 at the gate.
/// </para>
/// </remarks>
public sealed class RedisGate : ISharedGate
{
    /// <summary>Orders freed by one script; a script holds up every other.</summary>
    private const int ReleasedAtOnce = 1_000;

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisCalls _calls;
    private readonly GateAsks _asks;
    private readonly RedisValue[] _terms;

    /// <summary>Makes a gate over a connection, which is the caller's to close.</summary>
    /// <param name="redis">The connection.</param>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="clock">The time by which calls run out of it. Windows are judged by Redis's clock.</param>
    public RedisGate(IConnectionMultiplexer redis, RedisGateOptions options, TimeProvider clock)
    {
        _redis = redis;
        _calls = new RedisCalls(redis.GetDatabase(), options.CallTimeout, clock);
        _asks = new GateAsks(redis, _calls);
        _terms = [options.OrdersPerBuyer, (long)options.MaxQueueAge.TotalMilliseconds];
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Servers => ClusterMap.ServersOf(_redis);

    /// <inheritdoc/>
    public string ServerOf(SaleId sale) => ClusterMap.ServerOf(_redis, new SaleKeys(sale).Gate);

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        var sales = new SaleId[batches.Count];
        var claims = new RedisValue[batches.Count];
        for (var i = 0; i < sales.Length; i++)
        {
            (sales[i], claims[i]) = (batches[i].Sale, PackedClaims.Pack(batches[i].Claims));
        }

        var said = await _asks.AskAllAsync(
            Script.Claim, Script.ClaimInTurn, sales, claims, _terms, cancellationToken);
        for (var i = 0; i < sales.Length; i++)
        {
            BatchAnswer.Write(batches[i], said[i]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        var sale = snapshot.Sale.Id;
        return await new GateOpening(_calls, snapshot).OpenAsync(cancellationToken)
            && await _asks.AskAsync(Script.Look, sale, [], cancellationToken) is { Code: GateCode.Stands } said
                ? said.View
                : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        var views = new List<(SaleId, StockView)>();
        foreach (var ofSale in releases.GroupBy(release => release.Order.Sale))
        {
            StockView? view = null;
            foreach (var some in ofSale.GroupBy(release => release.Epoch).SelectMany(e => e.Chunk(ReleasedAtOnce)))
            {
                RedisValue[] values = [Text(some[0].Epoch), PackedReleases.Pack(some)];
                var said = await _asks.AskAsync(Script.Release, ofSale.Key, values, cancellationToken);
                view = said.Code == GateCode.Stands ? said.View : null;
                if (view is null)
                {
                    break;
                }
            }

            if (view is not null)
            {
                views.Add((ofSale.Key, view));
            }
        }

        return views;
    }

    /// <inheritdoc/>
    public async ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken)
    {
        RedisValue[] values = [Text(epoch), .. SaleTerms.Of(sale)];
        return (await _asks.AskAsync(Script.Apply, sale.Id, values, cancellationToken)).View;
    }

    /// <inheritdoc/>
    public async ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var before = Known(await _asks.AskAsync(Script.Look, sale, [], cancellationToken));
        if (before.View is not { } view)
        {
            return null;
        }

        var (orders, buyers) = await GateScan.ReadAsync(
            _calls, new SaleKeys(sale).Buyers(view.Epoch), cancellationToken);
        var after = Known(await _asks.AskAsync(Script.Look, sale, [], cancellationToken));
        return new GateReport(after.View ?? view, orders)
        {
            Buyers = buyers,
            IsMoving = !before.SaysTheSameAs(after),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        var held = await HeldByAsync(sale, buyer, cancellationToken);
        return held is null ? [] : [.. held.Orders.Select(order => new OrderId(sale, order.Key))];
    }

    /// <inheritdoc/>
    public async ValueTask<BuyerHoldings?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        var said = Known(await _asks.AskAsync(Script.OrdersOf, sale, [buyer.Utf8.ToArray()], cancellationToken));
        return said.Code == GateCode.Stands ? new BuyerHoldings(said.Epoch, PackedOrders.Read(said.Bytes)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        RedisValue[] values = [.. buyers.Select(buyer => (RedisValue)buyer.Utf8.ToArray())];
        var said = Known(await _asks.AskAsync(Script.OrdersOf, sale, values, cancellationToken));
        return said.Code == GateCode.Stands
            ? [.. said.Rest.Select(orders => PackedOrders.Read((byte[]?)orders ?? []))]
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        LookOf(Known(await _asks.AskAsync(Script.Look, sale, [], cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GateLook?>> LookAtAllAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken)
    {
        var said = await _asks.AskAllAsync(Script.Look, Script.LookInTurn, sales, [], [], cancellationToken);
        return [.. said.Select(one => one.Ending == Ending.Answered ? LookOf(one) : (GateLook?)null)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken)
    {
        var reply = await _calls.RunAsync(Script.Fence, [new SaleKeys(sale).Gate], [epoch], cancellationToken);
        return reply.Value is { } said && (long)said == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken)
    {
        var keys = new SaleKeys(sale).Under(epoch);
        var reply = await _calls.RunAsync(Script.Remove, keys, [epoch, epoch], cancellationToken);
        return reply.Value is { } said && (long)said == 1;
    }

    private static GateLook LookOf(in GateReply said) => said.Code switch
    {
        GateCode.Stands => new GateLook(GateStanding.Open, said.Epoch, said.View),
        GateCode.Fenced => new GateLook(GateStanding.Fenced, said.Epoch),
        GateCode.Damaged => new GateLook(GateStanding.Damaged, said.Epoch),
        _ => new GateLook(GateStanding.Missing, 0),
    };

    private static GateReply Known(in GateReply said) =>
        said.Ending == Ending.Answered
            ? said
            : throw new GateUnavailableException($"Redis did not answer within its time: {said.Ending}.");

    private static RedisValue Text(long? number) =>
        number is { } known ? known.ToString(CultureInfo.InvariantCulture) : "";
}
