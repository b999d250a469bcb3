using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// What comes of a claim log when the wire to the database breaks, or a row is refused: each claim once, whatever is
/// given again (F07, F08, F09).
/// </summary>
public sealed class F07_LogOverBrokenWireTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly Sale _sale = Samples.Sale(quantity: 20, limit: 3);
    private PostgresSchema? _schema;
    private FaultProxy? _wire;
    private PostgresStore? _store;
    private PostgresFulfilment? _fulfilment;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _wire = FaultProxy.Start(_schema.Server.Port);
        _store = await _schema.OpenAsync();
        await _store.CreateAsync(_sale, Cancel);
        _fulfilment = await PostgresFulfilment.OpenAsync(
            _schema.Options with { ConnectionString = PostgresServer.ConnectionStringAt(_wire.Port) },
            TimeProvider.System, NullLogger.Instance, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _fulfilment!.DisposeAsync();
        await _store!.DisposeAsync();
        await _wire!.DisposeAsync();
    }

    [Theory]
    [InlineData(WireFault.LoseAnswer)]
    [InlineData(WireFault.LoseCommand)]
    public async Task F08_A_commit_of_unknown_outcome_is_given_again_until_it_stands_once(WireFault fault)
    {
        var entry = Entry("anna", "bert");
        var lost = _wire!.NextCommit(fault);
        await Assert.ThrowsAsync<OutcomeUnknownException>(
            async () => await _fulfilment!.FulfilAsync([entry], Cancel));
        Assert.True(lost.Happened.IsCompleted);

        await new Fulfiller(_fulfilment!, TimeProvider.System).FulfilAsync([entry, entry], Cancel);

        await HasReservedAsync(2);
    }

    /// <summary>
    /// Nobody can tell whether what stands is the standby's too, so the log keeps it (F08). Often enough that the pool
    /// would be empty, were the broken connections kept.
    /// </summary>
    [Theory]
    [InlineData(WireFault.LoseAnswer)]
    [InlineData(WireFault.LoseCommand)]
    public async Task F16_A_connection_that_breaks_when_there_was_nothing_to_write_harms_nobody(WireFault fault)
    {
        var entry = Entry("anna");
        var orders = await _fulfilment!.FulfilAsync([entry], Cancel);
        for (var i = 0; i < 10; i++)
        {
            var lost = _wire!.NextCommit(fault);

            await Assert.ThrowsAsync<OutcomeUnknownException>(
                async () => await _fulfilment.FulfilAsync([entry], Cancel));

            Assert.True(lost.Happened.IsCompleted);
            Assert.Equal(orders, await _fulfilment.FulfilAsync([entry], Cancel));
        }

        await HasReservedAsync(1);
    }

    [Fact]
    public async Task F09_A_row_that_a_constraint_refuses_is_found_by_halving_and_buried()
    {
        await _fulfilment!.FulfilAsync([Entry("anna")], Cancel);

        // Somebody has changed the rows by hand, so that one more unit of this buyer cannot be written.
        await _schema!.QueryAsync("UPDATE holdings SET quantity = 0, at_most = 0 WHERE buyer = 'anna'; "
            + "ALTER TABLE holdings ADD CONSTRAINT bad CHECK (buyer <> 'anna' OR quantity = 0)");
        var more = Entry("bert", "carl", "dora");
        var bad = Samples.Claim(_sale, "anna", "again");
        var fulfiller = new Fulfiller(_fulfilment, TimeProvider.System);

        var mixed = more with { Claims = [bad, Samples.Claim(_sale, "fred")] };
        await fulfiller.FulfilAsync([more, mixed], Cancel);

        Assert.Equal("anna", (await _schema.QueryAsync("SELECT buyer FROM dead_letters")).Trim());
        Assert.Empty(await _store!.FindAsync([bad.Order], Cancel));
        await HasReservedAsync(5);
    }

    [Fact]
    public async Task F16_A_store_that_is_away_is_asked_until_it_is_there()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var schema = await PostgresSchema.MakeAsync(server);
        await using var store = await schema.OpenAsync();
        await store.CreateAsync(_sale, Cancel);
        await using var fulfilment = await PostgresFulfilment.OpenAsync(
            schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);
        await fulfilment.FulfilAsync([Entry("anna")], Cancel);
        await server.StopAsync();

        var waiting = new Fulfiller(fulfilment, TimeProvider.System).FulfilAsync([Entry("anna", "bert")], Cancel);
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await fulfilment.FulfilAsync([Entry("carl")], Cancel));
        Assert.False(waiting.IsCompleted);
        await server.StartAsync();
        await waiting;

        Assert.Equal(2, (await store.ReportAsync(_sale.Id, Cancel))!.Stock.Reserved);
    }

    private AdmittedBatch Entry(params string[] buyers) => new(
        _sale.Id, "1-0", Epoch: 1, _sale.Revision, Samples.Noon,
        [.. buyers.Select(buyer => Samples.Claim(_sale, buyer))]);

    private async Task HasReservedAsync(int units)
    {
        var report = await _store!.ReportAsync(_sale.Id, Cancel);
        Assert.True(report!.Stock.LawHolds);
        Assert.Equal((units, units), (report.Stock.Reserved, report.Reserved));
    }
}
