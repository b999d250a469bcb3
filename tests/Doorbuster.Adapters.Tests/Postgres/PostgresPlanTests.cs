using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>What was planned while the tables were empty still finds rows by an index once they are full.</summary>
public sealed class PostgresPlanTests(SharedPostgres shared)
{
    private const int Others = 200_000;
    private const int Claims = 1_000;

    [Fact]
    public async Task A_batch_costs_what_it_holds_however_many_buyers_there_are()
    {
        var cancel = TestContext.Current.CancellationToken;
        var schema = await PostgresSchema.MakeAsync(shared);
        var sale = Samples.Sale(quantity: 10_000);
        await using var store = await schema.OpenAsync();
        await store.CreateAsync(sale, cancel);

        // A pass over all holdings for each claim takes several times as long.
        await using var fulfilment = await PostgresFulfilment.OpenAsync(
            schema.Options with { CommandTimeout = TimeSpan.FromSeconds(8), Writers = 3 },
            TimeProvider.System, NullLogger.Instance, cancel);
        await fulfilment.FulfilAsync([Entry(sale, 0, 1)], cancel);
        await schema.QueryAsync(
            $"INSERT INTO holdings SELECT 1, 1, 1, 'other-' || n FROM generate_series(1, {Others}) AS n");

        Assert.Equal(Claims, (await fulfilment.FulfilAsync([Entry(sale, 1, Claims)], cancel)).Count);
        Assert.Equal(Claims + 1, (await store.ReportAsync(sale.Id, cancel))!.Reserved);
    }

    [Fact]
    public async Task A_sale_ends_in_a_moment_though_statistics_know_only_another()
    {
        const int Orders = 20_000;
        var cancel = TestContext.Current.CancellationToken;
        var schema = await PostgresSchema.MakeAsync(shared);
        var (first, second) = (Samples.Sale("first"), Samples.Sale("second"));
        await using var store = await schema.OpenAsync();
        foreach (var sale in (Sale[])[first, second])
        {
            await store.CreateAsync(sale, cancel);
            await store.ChangeAsync(sale.Id, new SaleChange.Close(), Samples.Noon, cancel);
        }

        await FillAsync(schema, saleNo: 1, Orders);
        await schema.QueryAsync("INSERT INTO past_orders SELECT key, sale_no, buyer FROM orders; ANALYZE");
        await FillAsync(schema, saleNo: 2, Orders);

        // A pass over all orders of the sale for each of them would take minutes.
        await using var ending = await PostgresReconciliation.OpenAsync(
            schema.Options with { CommandTimeout = TimeSpan.FromSeconds(8) }, TimeProvider.System, cancel);
        Assert.True(await ending.EndAsync(second.Id, epoch: 1, prepared: 0, cancel));
        Assert.Single((await ending.OrdersOfAsync(second.Id, [BuyerId.Parse($"buyer-{Orders}")], cancel))[0]);
        Assert.Equal(
            $"{Orders}", (await schema.QueryAsync("SELECT count(*) FROM past_orders WHERE sale_no = 2")).Trim());
    }

    /// <summary>Orders as fulfilment makes them, each a transition of its sale.</summary>
    private static Task<string> FillAsync(PostgresSchema schema, int saleNo, int orders) => schema.QueryAsync(
        $"""
        INSERT INTO orders (sale_no, key, place, buyer, quantity, amount, status, revision, created_at, reserved_at,
                            expires_at)
        SELECT {saleNo}, gen_random_uuid(), n + 1, 'buyer-' || n, 1, 1, 1, 1, now(), now(), now()
        FROM generate_series(1, {orders}) AS n;
        INSERT INTO events (sale_no, no, kind, at, order_key, order_revision, sale_revision, quantity)
        SELECT sale_no, place, 1, now(), key, 1, 0, 1 FROM orders WHERE sale_no = {saleNo}
        """);

    private static AdmittedBatch Entry(Sale sale, int first, int count) => new(
        sale.Id, "1-0", Epoch: 1, sale.Revision, Samples.Noon,
        [.. Enumerable.Range(first, count).Select(buyer => Samples.Claim(sale, $"buyer-{buyer}"))]);
}
