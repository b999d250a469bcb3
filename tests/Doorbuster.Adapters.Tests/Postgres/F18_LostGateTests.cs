using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// F18: a node whose session was lost, and with it its lock, runs on while nodes of another gate work on the store, and
/// writes nothing (I1, I3).
/// </summary>
public sealed class F18_LostGateTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly Sale _sale = Samples.Sale(quantity: 9, limit: 9) with { OpensAt = DateTimeOffset.UnixEpoch };

    /// <summary>The lost node's: it stands still, so that the node does not look for its lock.</summary>
    private readonly VirtualTimeProvider _still = new(Samples.Noon);

    private PostgresSchema? _schema;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresSchema Schema => _schema!;

    public async ValueTask InitializeAsync() => _schema = await PostgresSchema.MakeAsync(shared);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task F18_A_node_behind_a_gate_in_Redis_writes_nothing_once_the_store_is_the_gate()
    {
        await using var lost = await PostgresStore.OpenSharedAsync(
            Schema.Options, _still, NullLogger.Instance, Cancel);
        Assert.NotNull(await lost.CreateAsync(_sale, Cancel));
        var (fulfilment, reconciliation) = (
            lost.Fulfilment(_still, NullLogger.Instance), lost.Reconciliation(_still));
        await EndSessionsAsync();
        await using var store = await PostgresStore.OpenAsGateAsync(
            Schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);
        var gate = NewGate(store);
        Assert.Equal("admitted", await ClaimAsync(gate, "anna"));
        var before = await RowsAsync();

        var bert = Samples.Claim(_sale, "bert");
        var entry = new AdmittedBatch(_sale.Id, "1-0", Epoch: 2, Revision: 1, Samples.Noon, [bert]);
        await WritesNothingAsync(() => fulfilment.FulfilAsync([entry], Cancel).AsTask());
        await WritesNothingAsync(() => fulfilment.BuryAsync(entry, "bad", Cancel).AsTask());
        await WritesNothingAsync(() => reconciliation.RaiseAsync(_sale.Id, 2, 3, "lost", Cancel).AsTask());
        await WritesNothingAsync(() => reconciliation.RejectLostAsync(bert.Order, bert.Buyer, 2, Cancel).AsTask());
        await WritesNothingAsync(lost);

        Assert.Equal(before, await RowsAsync());
        Assert.Equal("same order, admitted", await ClaimAsync(gate, "anna", "bert"));
        Assert.Empty((await store.ReportAsync(_sale.Id, Cancel))!.Misplaced);
    }

    [Theory]
    [InlineData(GateConcurrency.Conditional)]
    [InlineData(GateConcurrency.Optimistic)]
    public async Task F18_A_node_whose_gate_is_the_store_writes_nothing_once_nodes_have_a_gate_in_Redis(
        GateConcurrency concurrency)
    {
        await using var lost = await PostgresStore.OpenAsGateAsync(
            Schema.Options, _still, NullLogger.Instance, Cancel);
        Assert.NotNull(await lost.CreateAsync(_sale, Cancel));
        var gate = NewGate(lost, concurrency);
        Assert.Equal("admitted", await ClaimAsync(gate, "anna"));
        await EndSessionsAsync();
        await using var store = await PostgresStore.OpenSharedAsync(
            Schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);
        var before = await RowsAsync();

        Assert.Equal("busy, busy", await ClaimAsync(gate, "anna", "bert"));
        await WritesNothingAsync(lost);

        Assert.Equal(before, await RowsAsync());
    }

    /// <summary>Ends the sessions that have the right to work on the store.</summary>
    private Task EndSessionsAsync() => Schema.QueryAsync(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted "
        + "AND 'ownership'::regclass::oid IN (classid, objid)");

    private async Task WritesNothingAsync(PostgresStore lost)
    {
        var order = Samples.Claim(_sale, "anna").Order;
        await WritesNothingAsync(
            () => lost.ApplyAsync([new OrderCommand.Cancel(order)], Samples.Noon, Cancel).AsTask());
        await WritesNothingAsync(
            () => lost.ChangeAsync(_sale.Id, new SaleChange.Replenish(5, "r"), Samples.Noon, Cancel).AsTask());
        await WritesNothingAsync(() => lost.CreateAsync(Samples.Sale("other"), Cancel).AsTask());
    }

    private static Task WritesNothingAsync(Func<Task> write) =>
        Assert.ThrowsAsync<StoreUnavailableException>(write);

    /// <summary>All that bears on who has what.</summary>
    private Task<string> RowsAsync() => Schema.QueryAsync(
        "SELECT s.id, s.epoch, s.revision, s.quantity, s.available, s.reserved, s.version FROM sales AS s; "
        + "SELECT buyer, status, quantity FROM orders; SELECT buyer, quantity, orders FROM holdings; "
        + "SELECT count(*) FROM dead_letters; SELECT count(*) FROM outbox");

    private static StoreGate NewGate(
        PostgresStore store, GateConcurrency concurrency = GateConcurrency.Conditional) => new(
        store.Gate(concurrency), TimeProvider.System, ordersPerBuyer: 9,
        new GatePatience(Tries: 5, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), () => 0.5);

    private async Task<string> ClaimAsync(StoreGate gate, params string[] buyers)
    {
        var batch = Samples.Batch(_sale, Array.ConvertAll(buyers, buyer => Samples.Claim(_sale, buyer)));
        await gate.ClaimAsync([batch], Cancel);
        return string.Join(", ", batch.Answers.ToArray().Select(answer => ClaimTable.Word(answer.Outcome)));
    }
}
