using System.Diagnostics;
using Doorbuster.Fulfilment;
using Doorbuster.Reconciliation;
using Doorbuster.Redis;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Benchmarks;

/// <summary>
/// How soon a gate of a million orders that was lost is open again: the lease, the fence, the snapshot out of
/// PostgreSQL under the raised epoch, the loading and the swap.
/// </summary>
internal sealed class RebuildFigure(BenchOptions options)
{
    private const int Orders = 1_000_000;

    private const string Reserve =
        """
        INSERT INTO orders (sale_no, key, place, buyer, quantity, amount, status, revision, created_at, reserved_at,
                            expires_at)
        SELECT 1, md5(n::text)::uuid, n, 'buyer-' || lpad(n::text, 30, '0'), 1, 1999, 1, 1, now(), now(),
               now() + interval '1 hour'
        FROM generate_series(1, 1000000) AS n;
        UPDATE sales SET available = available - 1000000, reserved = 1000000, admitted = 1000000, events = 1000000;
        """;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var postgres = await PostgresProcess.StartAsync();
        await using var redis = await RedisProcess.StartAsync();
        var settings = new PostgresOptions { ConnectionString = postgres.ConnectionString };
        await PostgresMigrator.MigrateAsync(settings, CancellationToken.None);
        await FillAsync(postgres, settings);
        await using var store = await PostgresReconciliation.OpenAsync(
            settings, TimeProvider.System, CancellationToken.None);
        await using var fulfilment = await PostgresFulfilment.OpenAsync(
            settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var gate = new RedisGate(
            redis.Connection, new RedisGateOptions { CallTimeout = TimeSpan.FromSeconds(30) }, TimeProvider.System);
        var log = new RedisClaimLog(redis.Connection, "bench", TimeSpan.FromSeconds(30), TimeProvider.System);
        var node = new Rebuilder(
            gate, log, store, store, new Fulfiller(fulfilment, TimeProvider.System), new RebuilderOptions(), "bench",
            TimeProvider.System);
        var seconds = new List<double>();
        for (var run = 0; run < options.Runs; run++)
        {
            await redis.Database.ExecuteAsync("FLUSHALL");
            seconds.Add(await RebuildAsync(node, gate));
            await Console.Error.WriteLineAsync($"  rebuilt in {seconds[^1]:0.00} s");
        }

        return
        [
            Figure.Under(
                "a lost gate of 1,000,000 orders open again: snapshot out of PostgreSQL, loading and swap", 2, "s",
                seconds, "Redis, PostgreSQL and node on the same cores"),
        ];
    }

    private static async Task<double> RebuildAsync(Rebuilder node, RedisGate gate)
    {
        var began = Stopwatch.GetTimestamp();
        var isOpen = await node.MendAsync(SaleId.Parse("drop"), CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var look = await gate.LookAsync(SaleId.Parse("drop"), CancellationToken.None);
        return isOpen && look.View?.Available == Sale.MaxQuantity - Orders
            ? seconds
            : throw new InvalidOperationException($"The gate was left as {look}.");
    }

    private static async Task FillAsync(PostgresProcess postgres, PostgresOptions settings)
    {
        await using (var store = await PostgresStore.OpenAsync(
            settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None))
        {
            await store.CreateAsync(Sales.New("drop", Sale.MaxQuantity), CancellationToken.None);
        }

        await postgres.RunAsync(
            "psql", "-v", "ON_ERROR_STOP=1", "-q", "-c", $"SET search_path = {settings.Schema}", "-c", Reserve, "-c",
            "VACUUM ANALYZE");
    }
}
