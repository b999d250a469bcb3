using System.Collections.Concurrent;
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
/// A node keeps nothing but the epoch in which it believes, and the script tells where that is wrong. Shown by
/// <c>RedisTwinTests</c>, <c>SharedGateConformance</c> and the tests of F01 to F05 at the gate.
/// </para>
/// </remarks>
/// <param name="redis">The connection; it is the caller's to close.</param>
/// <param name="options">Time-outs and limits.</param>
/// <param name="clock">The time by which calls run out of it. Windows are judged by Redis's clock.</param>
public sealed class RedisGate(IConnectionMultiplexer redis, RedisGateOptions options, TimeProvider clock) : ISharedGate
{
    /// <summary>Orders freed by one script; a script holds up every other.</summary>
    private const int ReleasedAtOnce = 1_000;

    /// <summary>A gate changes its epoch more often than this only while it is rebuilt again and again.</summary>
    private const int MostBeliefs = 4;

    private readonly RedisCalls _calls = new(redis.GetDatabase(), options.CallTimeout, clock);

    /// <summary>The epoch that each sale's gate had when it was last heard of.</summary>
    private readonly ConcurrentDictionary<SaleId, long> _epochs = new();

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        // All are sent before any is waited for.
        var calls = new Task[batches.Count];
        for (var i = 0; i < calls.Length; i++)
        {
            calls[i] = ClaimAsync(batches[i], cancellationToken);
        }

        await Task.WhenAll(calls);
    }

    /// <inheritdoc/>
    public async ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        var sale = snapshot.Sale.Id;
        return await new GateOpening(_calls, snapshot).OpenAsync(cancellationToken)
            && await AskAsync(Script.Look, sale, [], cancellationToken) is { Code: GateCode.Stands } said
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
                var said = await AskAsync(Script.Release, ofSale.Key, values, cancellationToken);
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
        return (await AskAsync(Script.Apply, sale.Id, values, cancellationToken)).View;
    }

    /// <inheritdoc/>
    public async ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var before = Known(await AskAsync(Script.Look, sale, [], cancellationToken));
        if (before.View is not { } view)
        {
            return null;
        }

        var (orders, buyers) = await GateScan.ReadAsync(
            _calls, new SaleKeys(sale).Buyers(view.Epoch), cancellationToken);
        var after = Known(await AskAsync(Script.Look, sale, [], cancellationToken));
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
        return held is null ? [] : [.. held.Select(order => new OrderId(sale, order.Key))];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HeldOrder>?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        var said = Known(await AskAsync(Script.OrdersOf, sale, [buyer.Utf8.ToArray()], cancellationToken));
        return said.Code == GateCode.Stands ? PackedOrders.Read(said.Bytes) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        RedisValue[] values = [.. buyers.Select(buyer => (RedisValue)buyer.Utf8.ToArray())];
        var said = Known(await AskAsync(Script.OrdersOf, sale, values, cancellationToken));
        return said.Code == GateCode.Stands
            ? [.. said.Rest.Select(orders => PackedOrders.Read((byte[]?)orders ?? []))]
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var said = Known(await AskAsync(Script.Look, sale, [], cancellationToken));
        return said.Code switch
        {
            GateCode.Stands => new GateLook(GateStanding.Open, said.Epoch, said.View),
            GateCode.Fenced => new GateLook(GateStanding.Fenced, said.Epoch),
            GateCode.Damaged => new GateLook(GateStanding.Damaged, said.Epoch),
            _ => new GateLook(GateStanding.Missing, 0),
        };
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

    private async Task ClaimAsync(SaleBatch batch, CancellationToken cancellationToken)
    {
        var maxAgeMs = (long)options.MaxQueueAge.TotalMilliseconds;
        RedisValue[] values = [PackedClaims.Pack(batch.Claims), options.OrdersPerBuyer, maxAgeMs];
        var said = await AskAsync(Script.Claim, batch.Sale, values, cancellationToken);
        BatchAnswer.Write(batch, said);
    }

    /// <summary>Runs a script that looks first whether the gate stands, under the epoch that the gate has.</summary>
    private async Task<GateReply> AskAsync(
        Script script, SaleId sale, RedisValue[] values, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MostBeliefs; i++)
        {
            var epoch = _epochs.GetValueOrDefault(sale);
            var reply = await _calls.RunAsync(
                script, new SaleKeys(sale).Under(epoch), [epoch, .. values], cancellationToken);
            var said = GateReply.Read(reply);
            if (said.Code != GateCode.OtherEpoch)
            {
                return said;
            }

            _epochs[sale] = said.Epoch;
        }

        return GateReply.Read(new Reply(Ending.NotDone));
    }

    private static GateReply Known(in GateReply said) =>
        said.Ending == Ending.Answered
            ? said
            : throw new GateUnavailableException($"Redis did not answer within its time: {said.Ending}.");

    private static RedisValue Text(long? number) =>
        number is { } known ? known.ToString(CultureInfo.InvariantCulture) : "";
}
