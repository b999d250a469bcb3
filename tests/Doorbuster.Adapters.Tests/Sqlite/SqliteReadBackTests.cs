using Doorbuster.Conformance;
using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>What is found after a commit of which nobody knows whether it stands.</summary>
public sealed class SqliteReadBackTests : IAsyncLifetime
{
    private readonly SqliteFolder _folder = new();
    private readonly Sale _sale = Samples.Sale(quantity: 9, limit: 9);
    private SqliteStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SqliteStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _store = await _folder.OpenAsync();
        await _store.CreateAsync(_sale, Cancel);
        await CommitAsync(0, Samples.Order(_sale, "first"));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_rows_it_left_are_found_and_the_store_goes_on_behind_them()
    {
        var left = Samples.Order(_sale, "left", units: 2);
        var next = Samples.Order(_sale, "next");
        LeaveBehind(left);

        Assert.Equal([left.Id.Key], await Store.ReadBackAsync(Samples.Admissions(_sale, 1, 0, left, next), Cancel));

        await CommitAsync(2, next);
        Assert.Equal([left, next], await Store.FindAsync([left.Id, next.Id], Cancel));
        Assert.Equal((5, 4), await AvailableAndReservedAsync());
    }

    [Fact]
    public async Task While_the_database_cannot_be_written_nobody_can_tell()
    {
        var order = Samples.Order(_sale, "anna");
        using (var another = new RawDatabase(_folder.Database))
        {
            another.Run("BEGIN IMMEDIATE");
            Assert.Null(await Store.ReadBackAsync(Samples.Admissions(_sale, 1, 0, order), Cancel));
            another.Run("ROLLBACK");
        }

        Assert.Empty((await Store.ReadBackAsync(Samples.Admissions(_sale, 1, 0, order), Cancel))!);
        await CommitAsync(1, order);
    }

    /// <summary>Writes an order as a commit does that stood although its caller was never told.</summary>
    private void LeaveBehind(Order order)
    {
        using var database = new RawDatabase(_folder.Database);
        database.Run(
            $"""
            BEGIN IMMEDIATE;
            UPDATE stock SET available = available - {order.Quantity}, reserved = reserved + {order.Quantity},
                admitted = admitted + 1, version = version + 1;
            INSERT INTO orders (sale_no, key, buyer, quantity, amount, status, revision, created_at_ms, reserved_at_ms,
                expires_at_ms)
            VALUES (1, x'{order.Id.Key.High:X16}{order.Id.Key.Low:X16}', '{order.Buyer}', {order.Quantity},
                {order.Amount.Amount}, 1, 1, {order.CreatedAt.ToUnixTimeMilliseconds()},
                {order.ReservedAt.ToUnixTimeMilliseconds()}, {order.ExpiresAt.ToUnixTimeMilliseconds()});
            COMMIT
            """);
    }

    private async Task CommitAsync(long before, Order order)
    {
        var receipt = await Store.CommitAsync([Samples.Admissions(_sale, 1, before, order)], Cancel);
        Assert.True(receipt.Covers(_sale.Id), $"{receipt}");
    }

    private async Task<(long, long)> AvailableAndReservedAsync()
    {
        var report = await Store.ReportAsync(_sale.Id, Cancel);
        Assert.Equal(report!.Stock.Reserved, report.Reserved);
        return (report.Stock.Available, report.Stock.Reserved);
    }
}
