using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>
/// Runs scripts that look first whether a gate stands, under the epoch that the gate has. A node keeps nothing but the
/// epoch in which it believes; where that is wrong the script says so, having done nothing, and is run again.
/// </summary>
/// <remarks>
/// What one server has is asked of many sales in one script: a script costs Redis and client twice what it does for a
/// claim alone. In a cluster sales lie in slots of their own, and each has a script, all sent before any is waited for.
/// Tests: <c>RedisGateTests</c>, <c>RedisManySalesTests</c>, <c>RedisClusterTests</c>.
/// </remarks>
/// <param name="redis">The connection.</param>
/// <param name="calls">Its calls.</param>
internal sealed class GateAsks(IConnectionMultiplexer redis, RedisCalls calls)
{
    /// <summary>A gate changes its epoch more often than this only while it is rebuilt again and again.</summary>
    private const int MostBeliefs = 4;

    /// <summary>Sales of one script, which holds up every other for a few milliseconds at most.</summary>
    private const int SalesAtOnce = 128;

    /// <summary>The epoch that each sale's gate had when it was last heard of.</summary>
    private readonly ConcurrentDictionary<SaleId, long> _epochs = new();

    /// <summary>Asks of one sale.</summary>
    public async Task<GateReply> AskAsync(
        Script script, SaleId sale, RedisValue[] values, CancellationToken cancellationToken)
    {
        long? unheard = null;
        for (var i = 0; i < MostBeliefs; i++)
        {
            var epoch = _epochs.GetValueOrDefault(sale);
            var reply = await calls.RunAsync(
                script, new SaleKeys(sale).Under(epoch), [epoch, .. values], cancellationToken);
            unheard = Unheard(unheard, reply, epoch);
            var said = GateReply.Read(reply, unheard);
            if (!IsElsewhere(sale, said))
            {
                return said;
            }
        }

        return GateReply.Read(new Reply(Ending.NotDone), unheard);
    }

    /// <summary>Asks the same of many sales, each once.</summary>
    /// <param name="script">What is asked of one.</param>
    /// <param name="inTurn">What asks it of many.</param>
    /// <param name="sales">The sales.</param>
    /// <param name="own">What each of them is asked with of its own, at most one value; none where empty.</param>
    /// <param name="same">What all are asked with, after that.</param>
    /// <param name="cancellationToken">Gives up before anything is sent.</param>
    /// <returns>What was said of each, in the order of the sales.</returns>
    public async Task<IReadOnlyList<GateReply>> AskAllAsync(
        Script script, Script inTurn, IReadOnlyList<SaleId> sales, IReadOnlyList<RedisValue> own, RedisValue[] same,
        CancellationToken cancellationToken)
    {
        var said = new GateReply[sales.Count];
        int[] places = [.. Enumerable.Range(0, sales.Count)];
        await Task.WhenAll(places.Length == 1 || !ClusterMap.IsOneServer(redis)
            ? places.Select(AskOneAsync)
            : places.Chunk(SalesAtOnce).Select(some => AskInTurnAsync(
                inTurn, sales, own, same, some, said, cancellationToken)));
        return said;

        async Task AskOneAsync(int place) => said[place] = await AskAsync(
            script, sales[place], own.Count == 0 ? same : [own[place], .. same], cancellationToken);
    }

    /// <summary>Asks of some in one script; what another epoch's gate is asked again goes with the next.</summary>
    private async Task AskInTurnAsync(
        Script inTurn, IReadOnlyList<SaleId> sales, IReadOnlyList<RedisValue> own, RedisValue[] same, int[] places,
        GateReply[] said, CancellationToken cancellationToken)
    {
        // By place; nearly no call is ever made again.
        Dictionary<int, long>? unheard = null;
        for (var i = 0; i < MostBeliefs && places.Length > 0; i++)
        {
            var beliefs = Array.ConvertAll(places, place => _epochs.GetValueOrDefault(sales[place]));
            var (keys, values) = Arguments(sales, own, same, places, beliefs);
            var reply = await calls.RunAsync(inTurn, keys, values, cancellationToken);
            var each = reply.Parts;
            for (var j = 0; j < places.Length; j++)
            {
                if (Unheard(UnheardOf(places[j]), reply, beliefs[j]) is { } epoch)
                {
                    (unheard ??= [])[places[j]] = epoch;
                }

                said[places[j]] = GateReply.Read(reply with { Value = each?[j] }, UnheardOf(places[j]));
            }

            places = Array.FindAll(places, place => IsElsewhere(sales[place], said[place]));
        }

        Array.ForEach(places, place => said[place] = GateReply.Read(new Reply(Ending.NotDone), UnheardOf(place)));

        long? UnheardOf(int place) =>
            unheard is not null && unheard.TryGetValue(place, out var epoch) ? epoch : null;
    }

    private static (RedisKey[] Keys, RedisValue[] Values) Arguments(
        IReadOnlyList<SaleId> sales, IReadOnlyList<RedisValue> own, RedisValue[] same, int[] places, long[] beliefs)
    {
        var ownValues = own.Count == 0 ? 1 : 2;
        var keys = new List<RedisKey>(3 * places.Length);
        var values = new List<RedisValue>(1 + (ownValues * places.Length) + same.Length) { ownValues };
        foreach (var (place, epoch) in places.Zip(beliefs))
        {
            keys.AddRange(new SaleKeys(sales[place]).Under(epoch));
            values.Add(epoch);
            if (own.Count > 0)
            {
                values.Add(own[place]);
            }
        }

        values.AddRange(same);
        return ([.. keys], [.. values]);
    }

    /// <summary>A call that was done unheard was done under the epoch that was believed in, or did nothing.</summary>
    private static long? Unheard(long? before, in Reply reply, long belief) =>
        reply.IsRepeat ? Math.Max(before ?? belief, belief) : before;

    /// <summary>Whether the gate has another epoch than was believed, which is believed from now on.</summary>
    private bool IsElsewhere(SaleId sale, in GateReply said)
    {
        if (said.Code != GateCode.OtherEpoch)
        {
            return false;
        }

        _epochs[sale] = said.Epoch;
        return true;
    }
}
