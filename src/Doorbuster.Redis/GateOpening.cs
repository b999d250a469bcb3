using Doorbuster.Claims;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>
/// Opens a sale's gate with a snapshot of the store: the buyers are loaded beside what is there, and one script swaps.
/// </summary>
internal sealed class GateOpening(RedisCalls calls, GateSnapshot snapshot)
{
    /// <summary>The group of workers that reads a sale's log.</summary>
    public const string WorkerGroup = "workers";

    private const int BuyersAtOnce = 1_000;
    private const int LoadsInFlight = 8;
    private const int MostAttempts = 3;
    private const int OpenedNow = 1;
    private const int OpenAlready = 0;

    private static readonly RedisValue Sentinel = "\0";
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly SaleKeys _keys = new(snapshot.Sale.Id);
    private RedisKey _loading;
    private long _buyers;
    private long _held;

    /// <summary>Whether a gate of the snapshot's epoch, or of a later one, is there.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < MostAttempts; i++)
        {
            var begun = await calls.RunAsync(Script.Begin, [_keys.Gate], [], cancellationToken);
            if (begun.Value is not { } value)
            {
                return false;
            }

            var before = (RedisResult[])value!;
            var epoch = (long)before[0];
            if (epoch >= snapshot.Epoch)
            {
                return true;
            }

            if (await LoadAsync(cancellationToken)
                && await SwapAsync(epoch, (string)before[1]!, (string)before[2]!, cancellationToken) is { } opened)
            {
                return opened;
            }
        }

        return false;
    }

    /// <summary>Loads every buyer; false where it is not sure that all were loaded.</summary>
    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        // A key of its own, so that nothing of an earlier attempt that comes late is ever part of a gate.
        _loading = _keys.Loading(Guid.NewGuid());
        _buyers = 0;
        _held = 0;
        var loads = new Queue<Task<bool>>();
        var isLoaded = true;
        foreach (var values in Chunks())
        {
            loads.Enqueue(LoadAsync(values, cancellationToken));
            if (loads.Count == LoadsInFlight)
            {
                isLoaded &= await loads.Dequeue();
            }
        }

        var rest = await Task.WhenAll(loads);
        return isLoaded && Array.TrueForAll(rest, load => load);
    }

    private async Task<bool> LoadAsync(HashEntry[] fields, CancellationToken cancellationToken)
    {
        // Whatever of it comes late, is lost, or is never finished is forgotten after a while.
        var reply = await calls.LoadAsync(_loading, fields, Forgotten, cancellationToken);
        return reply.Ending == Ending.Answered;
    }

    /// <summary>The buyers' fields, call by call, beginning with the sentinel.</summary>
    private IEnumerable<HashEntry[]> Chunks()
    {
        var chunk = new List<HashEntry>(BuyersAtOnce + 1) { new(Sentinel, snapshot.Epoch) };
        var orders = new List<HeldOrder>();
        BuyerId? buyer = null;
        foreach (var (whose, order) in snapshot.Holdings.All())
        {
            if (buyer is { } known && known != whose)
            {
                Add(chunk, known, orders);
                if (chunk.Count >= BuyersAtOnce)
                {
                    yield return [.. chunk];
                    chunk.Clear();
                }
            }

            buyer = whose;
            orders.Add(order);
        }

        if (buyer is { } last)
        {
            Add(chunk, last, orders);
        }

        if (chunk.Count > 0)
        {
            yield return [.. chunk];
        }
    }

    private void Add(List<HashEntry> chunk, BuyerId buyer, List<HeldOrder> orders)
    {
        chunk.Add(new HashEntry(buyer.Utf8.ToArray(), PackedOrders.Pack(orders)));
        _buyers++;
        _held += orders.Sum(order => (long)order.Quantity);
        orders.Clear();
    }

    /// <summary>Swaps; null where loading has to begin anew, and the gate was surely not opened.</summary>
    private async Task<bool?> SwapAsync(
        long epoch, string runId, string replicationId, CancellationToken cancellationToken)
    {
        var next = _keys.Buyers(snapshot.Epoch);
        RedisKey[] keys = [_keys.Gate, next, _keys.Claims, epoch == 0 ? next : _keys.Buyers(epoch), _loading];
        RedisValue[] values =
        [
            snapshot.Epoch, _buyers + 1, runId, replicationId, epoch, WorkerGroup,
            snapshot.Sale.Quantity - _held, _held, snapshot.Stock.Version, .. SaleTerms.Of(snapshot.Sale),
        ];
        var reply = await calls.RunAsync(Script.Open, keys, values, cancellationToken);
        return reply.Value is { } said
            ? (long)said switch
            {
                OpenedNow or OpenAlready => true,

                // It may have been opened, unheard, and lost since: a snapshot is given to a gate once.
                _ when reply.IsRepeat => false,
                _ => null,
            }
            : false;
    }
}
