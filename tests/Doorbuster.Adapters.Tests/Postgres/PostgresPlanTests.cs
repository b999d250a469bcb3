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

    private static AdmittedBatch Entry(Sale sale, int first, int count) => new(
        sale.Id, "1-0", Epoch: 1, sale.Revision, Samples.Noon,
        [.. Enumerable.Range(first, count).Select(buyer => Samples.Claim(sale, $"buyer-{buyer}"))]);
}
