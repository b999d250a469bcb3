using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Benchmarks;

/// <summary>
/// The order store in PostgreSQL, with its default, durable settings: claims over HTTP against those over SQLite, and
/// what it commits by itself, one transaction after another on one connection.
/// </summary>
internal sealed class StoreFigures(ThroughputFigures throughput, BenchOptions options)
{
    private const int Plenty = 50_000_000;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var postgres = await PostgresProcess.StartAsync();
        var settings = new PostgresOptions { ConnectionString = postgres.ConnectionString };
        await PostgresMigrator.MigrateAsync(settings, CancellationToken.None);
        await using var over = await throughput.StartAsync(
            ("Doorbuster__Store", "postgres"), ("ConnectionStrings__Postgres", postgres.ConnectionString));
        await using var embedded = await throughput.StartAsync();
        return
        [
            await throughput.RatioAsync(
                "durable 201s a second, orders in PostgreSQL ÷ in SQLite", 0.3,
                () => throughput.ReserveAsync(over, sales: 1),
                () => throughput.ReserveAsync(embedded, sales: 1)),
            await CommitsAsync(settings),
        ];
    }

    /// <summary>Orders a second by batches of claims out of a log, against batches of 16 claims.</summary>
    private async Task<Figure> CommitsAsync(PostgresOptions settings)
    {
        settings = settings with { Schema = "commits" };
        await PostgresMigrator.MigrateAsync(settings, CancellationToken.None);
        await using var store = await PostgresStore.OpenAsync(
            settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var fulfilment = await PostgresFulfilment.OpenAsync(
            settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var sale = Sales.New("commits", Plenty);
        await store.CreateAsync(sale, CancellationToken.None);
        await DrainAsync(fulfilment, sale, entries: 8, claims: 256);
        return await throughput.RatioAsync(
            "orders a second out of a log into PostgreSQL, 2,048 a transaction ÷ 16 a transaction", 1,
            () => DrainAsync(fulfilment, sale, entries: 8, claims: 256),
            () => DrainAsync(fulfilment, sale, entries: 1, claims: 16));
    }

    private async Task<double> DrainAsync(IFulfilmentLedger ledger, Sale sale, int entries, int claims)
    {
        var orders = 0L;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < options.Seconds)
        {
            AdmittedBatch[] batch = [.. Enumerable.Range(0, entries).Select(no => NewEntry(sale, no, claims))];
            orders += (await ledger.FulfilAsync(batch, CancellationToken.None)).Count;
        }

        return orders / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static AdmittedBatch NewEntry(Sale sale, int no, int claims) => new(
        sale.Id, string.Create(CultureInfo.InvariantCulture, $"{no}-0"), Epoch: 1, sale.Revision,
        DateTimeOffset.UtcNow, [.. Enumerable.Range(0, claims).Select(_ => NewClaim(sale))]);

    private static Claim NewClaim(Sale sale)
    {
        var key = new OrderKey(
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        return new Claim(new OrderId(sale.Id, key), BuyerId.Parse(Guid.NewGuid().ToString()), 1);
    }
}
