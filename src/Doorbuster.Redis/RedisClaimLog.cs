using System.Globalization;
using Doorbuster.Dispatch;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>
/// The claim log in Redis: a stream a sale, which the claim script writes, read by a group of workers. It is one
/// worker's.
/// </summary>
/// <remarks>
/// Nothing here waits in Redis: the connection is shared, and a blocking read would hold up every claim. Streams are
/// made by whoever opens a gate and by nobody else, so that one that is gone is seen. Shown by
/// <c>ClaimLogConformance</c>.
/// </remarks>
/// <param name="redis">The connection; it is the caller's to close.</param>
/// <param name="reader">The worker's name, which no other living worker has.</param>
/// <param name="timeout">How long a call to Redis may take.</param>
/// <param name="clock">The time by which it is over.</param>
public sealed class RedisClaimLog(IConnectionMultiplexer redis, string reader, TimeSpan timeout, TimeProvider clock)
    : IClaimLog
{
    private const int DeletedAtOnce = 1_000;

    /// <summary>Sales of one read, which costs Redis next to nothing for one that has nothing new.</summary>
    private const int ReadAtOnce = 1_024;

    /// <summary>Sales of one script that deletes; it holds up every other.</summary>
    private const int ToldAtOnce = 256;

    private readonly RedisCalls _calls = new(redis.GetDatabase(), timeout, clock);

    // Where sales lie on servers of their own: what is new, and what others have left.
    private readonly PartialReads _new = new(clock);
    private readonly PartialReads _left = new(clock);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, int most, CancellationToken cancellationToken)
    {
        if (!ClusterMap.IsOneServer(redis))
        {
            return await _new.ReadAsync(sales, sale => ReadTogetherAsync([sale], most, cancellationToken));
        }

        var read = await Task.WhenAll(sales.Chunk(ReadAtOnce)
            .Select(some => ReadTogetherAsync(some, most, cancellationToken)));
        return [.. read.SelectMany(entries => entries)];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdmittedBatch>> TakeOverAsync(
        IReadOnlyCollection<SaleId> sales, TimeSpan idle, int most, CancellationToken cancellationToken)
    {
        return ClusterMap.IsOneServer(redis)
            ? await ReadEachAsync(sales, TakeOverOneAsync)
            : await _left.ReadAsync(sales, TakeOverOneAsync);

        async Task<IReadOnlyList<AdmittedBatch>> TakeOverOneAsync(SaleId sale)
        {
            object[] arguments =
            [
                new SaleKeys(sale).Claims, GateOpening.WorkerGroup, reader, (long)idle.TotalMilliseconds, "0",
                "COUNT", most,
            ];
            var taken = await CallAsync("XAUTOCLAIM", arguments, cancellationToken);
            return Entries(sale, taken is null || taken.IsNull ? null : ((RedisResult[])taken!)[1]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AcknowledgeAsync(
        IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        // All are sent before any is waited for: entries of a thousand sales would else be a thousand round trips.
        var told = entries.GroupBy(entry => entry.Sale).SelectMany(ofSale => ofSale
            .Select(entry => (entry.Id, entry.Epoch)).Distinct().Chunk(DeletedAtOnce)
            .Select(some => (Sale: ofSale.Key, Entries: some)));
        await Task.WhenAll(Together([.. told], ToldAtOnce).Select(some => AcknowledgeAsync(some, cancellationToken)));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdmittedBatch>> ScanAsync(
        SaleId sale, string? after, int most, CancellationToken cancellationToken)
    {
        var from = after is null ? "-" : $"({after}";
        var found = await CallAsync(
            "XRANGE", [new SaleKeys(sale).Claims, from, "+", "COUNT", most], cancellationToken);
        return Entries(sale, found);
    }

    /// <inheritdoc/>
    public async ValueTask<LogDepth> MeasureAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var claims = new SaleKeys(sale).Claims;
        var entries = Known(await _calls.ExecuteAsync("XLEN", [claims], cancellationToken));
        var oldest = await ScanAsync(sale, after: null, most: 1, cancellationToken);
        return new LogDepth((long)entries, oldest.Count == 0 ? null : oldest[0].AdmittedAt);
    }

    /// <summary>What one call may be about: many sales, and in a cluster, where slots differ, one.</summary>
    private IEnumerable<T[]> Together<T>(IReadOnlyCollection<T> all, int most) =>
        all.Chunk(ClusterMap.IsOneServer(redis) ? most : 1);

    private async Task AcknowledgeAsync(
        IReadOnlyList<(SaleId Sale, (string Id, long Epoch)[] Entries)> some, CancellationToken cancellationToken)
    {
        var values = new List<RedisValue> { GateOpening.WorkerGroup };
        foreach (var (_, entries) in some)
        {
            values.Add(entries.Length);
            foreach (var (id, epoch) in entries)
            {
                values.Add(id);
                values.Add(epoch);
            }
        }

        RedisKey[] keys = [.. some.Select(one => new SaleKeys(one.Sale).Claims)];
        Known(await _calls.RunAsync(Script.Acknowledge, keys, [.. values], cancellationToken));
    }

    /// <summary>
    /// New entries of some sales, in one command. It gives nothing at all where one of them has no log: then each is
    /// asked for by itself.
    /// </summary>
    private async Task<IReadOnlyList<AdmittedBatch>> ReadTogetherAsync(
        SaleId[] sales, int most, CancellationToken cancellationToken)
    {
        RedisKey[] logs = Array.ConvertAll(sales, sale => new SaleKeys(sale).Claims);
        object[] arguments =
        [
            "GROUP", GateOpening.WorkerGroup, reader, "COUNT", most,
            "STREAMS", .. logs.Cast<object>(), .. Enumerable.Repeat<object>(">", logs.Length),
        ];
        var read = await CallAsync("XREADGROUP", arguments, cancellationToken);
        if (read is null)
        {
            return sales.Length == 1
                ? []
                : await ReadEachAsync(sales, sale => ReadTogetherAsync([sale], most, cancellationToken));
        }

        return read.IsNull ? [] : EntriesOf(sales, logs, (RedisResult[])read!);
    }

    /// <summary>Entries by their logs, which come in the order in which they were asked for.</summary>
    private static List<AdmittedBatch> EntriesOf(SaleId[] sales, RedisKey[] logs, RedisResult[] read)
    {
        var entries = new List<AdmittedBatch>();
        var at = 0;
        foreach (var log in read)
        {
            var parts = (RedisResult[])log!;
            for (var name = (RedisKey)parts[0]; logs[at] != name; at++)
            {
                // That one has nothing new.
            }

            entries.AddRange(Entries(sales[at], parts[1]));
        }

        return entries;
    }

    /// <summary>Asks for each sale's entries, all before any answer is waited for.</summary>
    private static async Task<IReadOnlyList<AdmittedBatch>> ReadEachAsync(
        IReadOnlyCollection<SaleId> sales, Func<SaleId, Task<IReadOnlyList<AdmittedBatch>>> ask) =>
        [.. (await Task.WhenAll(sales.Select(ask).ToArray())).SelectMany(entries => entries)];

    /// <summary>What a command answers; null where the sale has no log.</summary>
    private async Task<RedisResult?> CallAsync(
        string command, object[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return Known(await _calls.ExecuteAsync(command, arguments, cancellationToken));
        }
        catch (RedisServerException fault) when (fault.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static RedisResult Known(in Reply reply) =>
        reply.Value
        ?? throw new ClaimLogUnavailableException($"Redis did not answer within its time: {reply.Ending}.");

    private static IReadOnlyList<AdmittedBatch> Entries(SaleId sale, RedisResult? entries) =>
        entries is null || entries.IsNull
            ? []
            : [.. ((RedisResult[])entries!).Where(IsThere).Select(entry => Read(sale, entry))];

    /// <summary>An entry that was deleted while somebody had it is named without its fields.</summary>
    private static bool IsThere(RedisResult entry) => !entry.IsNull && !((RedisResult[])entry!)[1].IsNull;

    private static AdmittedBatch Read(SaleId sale, RedisResult entry)
    {
        var parts = (RedisResult[])entry!;
        var id = (string)parts[0]!;
        long epoch = 0, revision = 0;
        byte[] claims = [];
        var fields = (RedisResult[])parts[1]!;
        for (var i = 0; i < fields.Length; i += 2)
        {
            switch ((string)fields[i]!)
            {
                case "epoch":
                    epoch = (long)fields[i + 1];
                    break;
                case "revision":
                    revision = (long)fields[i + 1];
                    break;
                case "claims":
                    claims = (byte[])fields[i + 1]!;
                    break;
            }
        }

        return new AdmittedBatch(sale, id, epoch, revision, TimeOf(id), PackedClaims.Read(sale, claims));
    }

    /// <summary>The first part of an entry's id is when it was made, in ms.</summary>
    private static DateTimeOffset TimeOf(string id) => DateTimeOffset.FromUnixTimeMilliseconds(
        long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture));
}
