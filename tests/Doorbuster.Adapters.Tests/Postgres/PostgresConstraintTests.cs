using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Sql.Postgres;
using Npgsql;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The law as the database itself keeps it, whatever a program says (I1, I3).</summary>
public sealed class PostgresConstraintTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly Sale _sale = Samples.Sale(quantity: 5, limit: 2);
    private PostgresSchema? _schema;
    private PostgresStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _store = await _schema.OpenAsync();
        await _store.CreateAsync(_sale, Cancel);
        await _store.CommitAsync([Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"))], Cancel);
    }

    public ValueTask DisposeAsync() => _store!.DisposeAsync();

    [Theory]
    [InlineData("UPDATE sales SET available = available + 1", "law")]
    [InlineData("UPDATE sales SET available = -1, reserved = reserved + 5", "sales_available_check")]
    [InlineData("UPDATE sales SET reserved = -1, sold = 2", "sales_reserved_check")]
    [InlineData("UPDATE holdings SET quantity = 3", "per_buyer_limit")]
    [InlineData("UPDATE holdings SET quantity = -1", "holdings_quantity_check")]
    [InlineData("UPDATE orders SET status = 2", "orders_check")]
    [InlineData("UPDATE orders SET quantity = 0", "orders_quantity_check")]
    [InlineData("INSERT INTO orders SELECT * FROM orders", "orders_pkey")]
    [InlineData("INSERT INTO events SELECT * FROM events", "events_pkey")]
    public async Task A_row_that_breaks_the_law_is_refused(string sql, string constraint)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _schema!.QueryAsync(sql));

        Assert.Contains($"\"{constraint}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I3_Orders_of_a_gate_that_forgot_a_buyers_others_are_not_written()
    {
        var order = Samples.Order(_sale, "anna", "other", units: 2);

        var refusal = await Assert.ThrowsAsync<PostgresException>(
            async () => await _store!.CommitAsync([Samples.Admissions(_sale, 1, 1, order)], Cancel));

        Assert.Equal("per_buyer_limit", refusal.ConstraintName);
        Assert.Empty(await _store!.FindAsync([order.Id], Cancel));
    }

    [Fact]
    public async Task F09_What_a_constraint_refuses_leaves_nothing_and_says_which_fault_it_is()
    {
        var bert = Samples.Order(_sale, "bert");
        await _store!.CommitAsync([Samples.Admissions(_sale, 1, 1, bert)], Cancel);
        await _schema!.QueryAsync("UPDATE holdings SET quantity = 0 WHERE buyer = 'anna'");
        OrderCommand[] cancels = [.. new[] { "bert", "anna" }.Select(
            buyer => new OrderCommand.Cancel(Samples.Order(_sale, buyer).Id))];

        await Assert.ThrowsAsync<BadCommandException>(
            async () => await _store.ApplyAsync(cancels, Samples.Noon, Cancel));
        Assert.Equal(OrderStatus.Reserved, Assert.Single(await _store.FindAsync([bert.Id], Cancel)).Status);

        var answer = Assert.Single(await _store.ApplyAsync(cancels[..1], Samples.Noon, Cancel));
        Assert.Equal(CommandOutcome.Done, answer.Outcome);
    }
}
