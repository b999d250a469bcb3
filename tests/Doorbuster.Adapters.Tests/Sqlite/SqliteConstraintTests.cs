using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>The last line of defence: the database itself refuses what breaks the law, whoever writes it.</summary>
public sealed class SqliteConstraintTests : IAsyncLifetime
{
    private const string Order =
        "INSERT INTO orders (sale_no, key, buyer, quantity, amount, status, revision, created_at_ms, reserved_at_ms, "
        + "expires_at_ms) VALUES ";

    private readonly SqliteFolder _folder = new();
    private readonly Sale _sale = Samples.Sale(quantity: 5, limit: 3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Anna has reserved 2 of 5 units.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var store = await _folder.OpenAsync();
        await store.CreateAsync(_sale, Cancel);
        await store.CommitAsync([Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna", units: 2))], Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("UPDATE stock SET available = -1, reserved = 6", "more reserved than there is")]
    [InlineData("UPDATE stock SET available = available - 1", "a unit that leaks")]
    [InlineData("UPDATE stock SET reserved = reserved + 1", "a unit out of nothing")]
    [InlineData("UPDATE stock SET sold = 1", "a sale of a unit that was not reserved")]
    [InlineData("UPDATE stock SET reserved = -1, available = 6", "fewer than none reserved")]
    [InlineData("UPDATE stock SET sold = -1, available = 4", "fewer than none sold")]
    [InlineData("UPDATE stock SET quantity = 0, available = 0, reserved = 0", "a sale of nothing")]
    [InlineData("UPDATE stock SET epoch = 0", "an epoch before the first")]
    [InlineData("UPDATE stock SET available = 'many'", "words for units")]
    [InlineData("UPDATE sales SET per_buyer_limit = 0", "a limit of nothing")]
    [InlineData("UPDATE sales SET price_amount = -1", "a price below zero")]
    [InlineData("UPDATE sales SET mode = 3", "an unknown mode")]
    [InlineData("UPDATE sales SET order_id_key = x'00'", "a short key")]
    [InlineData("UPDATE orders SET quantity = 0", "an order of nothing")]
    [InlineData("UPDATE orders SET status = 9", "an unknown status")]
    [InlineData(Order + "(1, x'00', 'bert', 1, 1, 1, 1, 0, 0, 0)", "an order with a short id")]
    [InlineData(Order + "(9, zeroblob(16), 'bert', 1, 1, 1, 1, 0, 0, 0)", "an order of no sale")]
    [InlineData(Order + "(1, zeroblob(16), NULL, 1, 1, 1, 1, 0, 0, 0)", "an order of nobody")]
    [InlineData("DELETE FROM sales", "a sale with orders that goes")]
    public void What_breaks_the_law_is_refused_by_the_database(string sql, string what)
    {
        using var database = new RawDatabase(_folder.Database);
        database.Run("PRAGMA foreign_keys = ON");

        Assert.True(database.Try(sql) is { } refusal && refusal.Contains("constraint", StringComparison.Ordinal)
            || database.Try(sql) is { } type && type.Contains("cannot store", StringComparison.Ordinal), what);
        Assert.Equal("3", database.Read("SELECT available FROM stock"));
    }

    [Fact]
    public async Task Two_orders_of_one_id_are_found_at_the_start()
    {
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run(
                "INSERT INTO orders SELECT no + 1, sale_no, key, buyer, quantity, amount, status, revision, "
                + "created_at_ms, reserved_at_ms, expires_at_ms, turn, paid_at_ms, payment_no FROM orders");
        }

        await using var store = await _folder.OpenAsync();

        var fault = await Assert.ThrowsAsync<InvalidDataException>(async () => await store.TakeOverAsync(Cancel));
        Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("''", "an order of nobody")]
    [InlineData("'a' || char(10)", "a buyer with a line feed")]
    [InlineData("CAST(x'ff' AS TEXT)", "a buyer that is no UTF-8")]
    [InlineData("printf('%129d', 1)", "a buyer whose id is too long")]
    public async Task A_buyer_that_no_program_of_ours_wrote_is_found_at_the_start(string buyer, string what)
    {
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run($"UPDATE orders SET buyer = {buyer}");
        }

        await using var store = await _folder.OpenAsync();

        var fault = await Assert.ThrowsAsync<InvalidDataException>(async () => await store.TakeOverAsync(Cancel));
        Assert.True(fault.Message.Contains("damaged", StringComparison.Ordinal), what);
    }

    [Fact]
    public async Task An_order_that_the_database_refuses_stops_the_selling_loudly_and_leaves_nothing()
    {
        await using var store = await _folder.OpenAsync();
        Assert.Single(await store.TakeOverAsync(Cancel));
        var broken = Samples.Order(_sale, "bert") with { Revision = 0 };

        // "Failed" would have buyers try again for ever what can never be written.
        await Assert.ThrowsAnyAsync<Exception>(
            async () => await store.CommitAsync([Samples.Admissions(_sale, 2, 1, broken)], Cancel));

        Assert.Empty(await store.FindAsync([broken.Id], Cancel));
        Assert.Equal(3, (await store.ReportAsync(_sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task Units_that_went_elsewhere_behind_the_gates_back_are_not_sold_again()
    {
        await using var store = await _folder.OpenAsync();
        Assert.Single(await store.TakeOverAsync(Cancel));
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run("UPDATE stock SET available = 0, reserved = 5");
        }

        var receipt = await store.CommitAsync(
            [Samples.Admissions(_sale, 2, 1, Samples.Order(_sale, "bert"))], Cancel);

        Assert.False(receipt.Covers(_sale.Id));
        Assert.Equal(0, (await store.ReportAsync(_sale.Id, Cancel))!.Stock.Available);
    }
}
