using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Servers;
using Doorbuster.Sql;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// What happens to a gate in the database when wires break, nodes vanish with their locks, and gates of other kinds
/// have been there before: F01, F08 and F18, in both its ways.
/// </summary>
public sealed class F08_StoreGateTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly Sale _sale = Samples.Sale(quantity: 9, limit: 9) with { OpensAt = DateTimeOffset.UnixEpoch };
    private FaultProxy? _wire;
    private PostgresSchema? _schema;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FaultProxy Wire => _wire!;

    private PostgresSchema Schema => _schema!;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _wire = FaultProxy.Start(_schema.Server.Port);
    }

    public ValueTask DisposeAsync() => Wire.DisposeAsync();

    [Theory]
    [InlineData(GateConcurrency.Conditional, WireFault.LoseAnswer)]
    [InlineData(GateConcurrency.Conditional, WireFault.LoseCommand)]
    [InlineData(GateConcurrency.Optimistic, WireFault.LoseAnswer)]
    [InlineData(GateConcurrency.Optimistic, WireFault.LoseCommand)]
    public async Task F08_A_commit_that_nobody_knows_the_end_of_is_found_or_made_again_once(
        GateConcurrency concurrency, WireFault fault)
    {
        await using var store = await OpenAsync(Waiting.Patience);
        var gate = await NewGateAsync(store, concurrency);
        var lost = Wire.NextCommit(fault);

        Assert.Equal("admitted, same order", await ClaimAsync(gate, "anna", "anna"));

        Assert.True(lost.Happened.IsCompleted);
        Assert.Equal((8, 1), await UnitsAsync(store));
    }

    [Theory]
    [InlineData(GateConcurrency.Conditional)]
    [InlineData(GateConcurrency.Optimistic)]
    public async Task F08_Before_a_lost_transaction_has_ended_nobody_is_told_anything_about_it(
        GateConcurrency concurrency)
    {
        await using var store = await OpenAsync(TimeSpan.FromSeconds(1));
        var gate = await NewGateAsync(store, concurrency);
        var late = Wire.NextCommit(WireFault.DelayCommand);

        Assert.Equal("unknown, unknown", await ClaimAsync(gate, "anna", "anna"));

        late.Release();
        await Waiting.UntilAsync("the order was found", async () => await ClaimAsync(gate, "anna") == "same order");
        Assert.Equal((8, 1), await UnitsAsync(store));
    }

    [Fact]
    public async Task F08_A_batch_in_doubt_waits_for_the_lost_transaction_and_is_not_compared_with_it()
    {
        await using var store = await OpenAsync(Waiting.Patience);
        await NewGateAsync(store, GateConcurrency.Optimistic);
        var gate = new StoreGate(
            store.Gate(GateConcurrency.Optimistic), TimeProvider.System, ordersPerBuyer: 64,
            Patience with { Tries = 1 }, () => 0);
        var late = Wire.NextCommit(WireFault.DelayCommand);
        var told = ClaimAsync(gate, "anna");
        await late.Happened;
        await Waiting.UntilAsync(
            "it waits for the lock, or was told", async () => told.IsCompleted || await WaitersAsync() != "0");

        late.Release();

        // Compared, it would have been too slow, and have had no further try.
        Assert.Equal("admitted", await told);
        Assert.Equal((8, 1), await UnitsAsync(store));
    }

    [Theory]
    [InlineData(GateConcurrency.Conditional)]
    [InlineData(GateConcurrency.Optimistic)]
    public async Task F08_A_claim_is_not_told_that_its_token_is_over_while_its_order_is_on_its_way(
        GateConcurrency concurrency)
    {
        await using var store = await OpenAsync(Waiting.Patience);
        var gate = await NewGateAsync(store, concurrency);
        var late = Wire.NextCommit(WireFault.DelayCommand);
        var first = ClaimAsync(gate, "anna");
        await late.Happened;

        var claim = Samples.Claim(_sale, "anna") with { IsReplay = true };
        var batch = Samples.Batch(_sale, claim);
        var again = gate.ClaimAsync([batch], Cancel).AsTask();
        await Waiting.UntilAsync(
            "it was told, or waits for the lock", async () => again.IsCompleted || await WaitersAsync() != "0");
        late.Release();
        await again;

        Assert.Equal(Outcome.Replayed, batch.Answers[0].Outcome);
        await first;
        Assert.Equal((8, 1), await UnitsAsync(store));
    }

    [Theory]
    [InlineData(GateConcurrency.Conditional)]
    [InlineData(GateConcurrency.Optimistic)]
    public async Task F01_What_a_node_had_locked_that_vanished_is_sold_once_the_server_has_ended_its_session(
        GateConcurrency concurrency)
    {
        await using var store = await OpenAsync(Waiting.Patience);
        var gate = await NewGateAsync(store, concurrency);
        await using var vanished = new Npgsql.NpgsqlConnection(
            $"{Schema.Server.ConnectionString};Pooling=false;Search Path={Schema.Name};"
            + "Options=-c idle_in_transaction_session_timeout=1000");
        await vanished.OpenAsync(Cancel);
        await using (var hold = new Npgsql.NpgsqlCommand(
            "BEGIN; UPDATE sales SET available = available - 1, reserved = reserved + 1, version = version + 1",
            vanished))
        {
            await hold.ExecuteNonQueryAsync(Cancel);
        }

        Assert.Equal("admitted", await ClaimAsync(gate, "anna"));

        Assert.Equal((8, 1), await UnitsAsync(store));
    }

    [Fact]
    public async Task F18_Nodes_with_a_gate_in_Redis_and_nodes_whose_gate_is_the_store_keep_each_other_out()
    {
        await using (await OpenAsync(Waiting.Patience))
        {
            await using var second = await OpenAsync(Waiting.Patience);
            var refusal = await Assert.ThrowsAsync<StoreLockedException>(OpenBehindGateAsync);
            Assert.Contains("Doorbuster:Gate=database work on", refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<StoreLockedException>(() => Schema.OpenAsync());
        }

        await using (await OpenBehindGateAsync())
        {
            var refusal = await Assert.ThrowsAsync<StoreLockedException>(() => OpenAsync(Waiting.Patience));
            Assert.Contains("Doorbuster:Gate=redis work on", refusal.Message, StringComparison.Ordinal);
        }

        await using var last = await OpenAsync(Waiting.Patience);
        Assert.Null(last.Fault);
    }

    [Fact]
    public async Task F18_A_store_that_becomes_the_gate_knows_every_order_under_a_later_epoch()
    {
        await using (var owner = await Schema.OpenAsync())
        {
            await owner.CreateAsync(_sale, Cancel);
            var before = new InMemoryGate(owner, TimeProvider.System, ordersPerBuyer: 2);
            await before.OpenAsync((await owner.TakeOverAsync(Cancel))[0], Cancel);
            var batch = Samples.Batch(_sale, Samples.Claim(_sale, "anna", "k1"), Samples.Claim(_sale, "anna", "k2"));
            await before.ClaimAsync([batch], Cancel);
            await owner.ApplyAsync([new OrderCommand.Cancel(batch.Answers[0].Order!.Id)], Samples.Noon, Cancel);
        }

        await using var store = await OpenAsync(Waiting.Patience);
        await using var again = await OpenAsync(Waiting.Patience);
        var gate = new StoreGate(
            again.Gate(GateConcurrency.Conditional), TimeProvider.System, ordersPerBuyer: 2, Patience, () => 0);
        Assert.Equal(
            "same order, same order, limit",
            await ClaimAsync(
                gate, Samples.Claim(_sale, "anna", "k1"), Samples.Claim(_sale, "anna", "k2"),
                Samples.Claim(_sale, "anna", "k3")));
        var report = await store.ReportAsync(_sale.Id, Cancel);
        Assert.Equal((3, 0), (report!.Epoch, report.Misplaced.Count));
    }

    [Fact]
    public async Task A_store_that_becomes_the_gate_says_so_once()
    {
        var log = new Collected();
        for (var opened = 0; opened < 2; opened++)
        {
            await using var store = await PostgresStore.OpenAsGateAsync(
                Schema.Options, TimeProvider.System, log, Cancel);
        }

        Assert.Contains("after gate 'none'", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_finds_a_buyer_of_whom_something_else_is_noted_than_the_orders_say()
    {
        await using var store = await OpenAsync(Waiting.Patience);
        var gate = await NewGateAsync(store, GateConcurrency.Conditional);
        await ClaimAsync(gate, "anna", "bert");

        await Schema.QueryAsync("UPDATE holdings SET orders = '{}' WHERE buyer = 'bert'");

        var report = await store.ReportAsync(_sale.Id, Cancel);
        Assert.Equal(Samples.Claim(_sale, "bert").Order.Key, Assert.Single(report!.Misplaced));
    }

    /// <summary>Sessions of this store that wait for a row.</summary>
    private async Task<string> WaitersAsync() => (await Schema.QueryAsync(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN "
        + "(SELECT pid FROM pg_locks WHERE relation = 'sales'::regclass)")).Trim();

    private static GatePatience Patience =>
        new(Tries: 50, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));

    private async Task<StoreGate> NewGateAsync(PostgresStore store, GateConcurrency concurrency)
    {
        Assert.NotNull(await store.CreateAsync(_sale, Cancel));
        return new StoreGate(
            store.Gate(concurrency), TimeProvider.System, ordersPerBuyer: 64, Patience, Random.Shared.NextDouble);
    }

    private Task<string> ClaimAsync(StoreGate gate, params string[] buyers) =>
        ClaimAsync(gate, Array.ConvertAll(buyers, buyer => Samples.Claim(_sale, buyer)));

    private async Task<string> ClaimAsync(StoreGate gate, params Claim[] claims)
    {
        var batch = Samples.Batch(_sale, claims);
        await gate.ClaimAsync([batch], Cancel);
        return string.Join(", ", batch.Answers.ToArray().Select(answer => ClaimTable.Word(answer.Outcome)));
    }

    private Task<PostgresStore> OpenAsync(TimeSpan timeout) => PostgresStore.OpenAsGateAsync(
        Schema.Options with
        {
            ConnectionString = PostgresServer.ConnectionStringAt(Wire.Port),
            CommandTimeout = timeout,
        },
        TimeProvider.System, NullLogger.Instance, Cancel);

    private Task<PostgresStore> OpenBehindGateAsync() => PostgresStore.OpenSharedAsync(
        Schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);

    private async Task<(long, long)> UnitsAsync(PostgresStore store)
    {
        var report = await store.ReportAsync(_sale.Id, Cancel);
        Assert.True(report!.Stock.LawHolds);
        Assert.Equal(report.Stock.Reserved, report.Reserved);
        Assert.Empty(report.Misplaced);
        return (report.Stock.Available, report.Stock.Reserved);
    }

    private sealed class Collected : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
