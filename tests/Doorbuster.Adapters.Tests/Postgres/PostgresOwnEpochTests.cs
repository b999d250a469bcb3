using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The PostgreSQL store of one process opens single gates anew.</summary>
public sealed class PostgresOwnEpochTests(SharedPostgres shared) : OwnEpochConformance
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() =>
        await (await PostgresSchema.MakeAsync(shared)).OpenForSuiteAsync();

    /// <summary>Nobody here would ever see to it, and its units would be stuck.</summary>
    [Fact]
    public async Task I2_a_gate_in_memory_holds_nothing_for_a_letter_that_another_topology_left()
    {
        var cancel = TestContext.Current.CancellationToken;
        var schema = await PostgresSchema.MakeAsync(shared);
        await using var store = await schema.OpenForSuiteAsync();
        await store.Sales.TakeOverAsync(cancel);
        var sale = Samples.Sale();
        Assert.NotNull(await store.Sales.CreateAsync(sale, cancel));
        await schema.QueryAsync(
            $"""
            INSERT INTO dead_letters (sale_id, key, turn, quantity, epoch, revision, admitted_at, buried_at, entry,
                                      buyer, reason)
            VALUES ('{sale.Id}', gen_random_uuid(), 0, 1, 1, 1, now(), now(), '1-0', 'anna', 'It looked bad.')
            """);

        var snapshot = await ((IEpochs)store.Sales).RaiseAsync(sale.Id, from: 1, to: 2, "A repair.", cancel);

        Assert.Empty(snapshot!.Holdings.All());
        Assert.Equal("1", (await schema.QueryAsync("SELECT epoch FROM dead_letters")).Trim());
    }
}
