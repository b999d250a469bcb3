using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Servers;
using Doorbuster.Sql;
using Doorbuster.Sql.Postgres;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>F18: two open one store in PostgreSQL. The lock is a session's, so one process can show it.</summary>
public sealed class F18_OneOwnerTests(SharedPostgres shared) : IAsyncLifetime
{
    private const string OurLocks =
        "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 'ownership'::regclass::oid";

    private readonly Sale _sale = Samples.Sale(quantity: 5);
    private PostgresSchema? _schema;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresSchema Schema => _schema!;

    public async ValueTask InitializeAsync() => _schema = await PostgresSchema.MakeAsync(shared);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task F18_The_second_is_refused_and_told_what_to_do()
    {
        await using var first = await Schema.OpenAsync();

        var refusal = await Assert.ThrowsAsync<StoreLockedException>(() => Schema.OpenAsync());

        Assert.Contains(Schema.Name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--wait-for-lock", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F18_The_second_that_waits_gets_the_store_when_the_first_closes()
    {
        var first = await Schema.OpenAsync();
        await first.CreateAsync(_sale, Cancel);
        var clock = new VirtualTimeProvider(Samples.Noon);
        var waiting = Schema.OpenAsync(Schema.Options with { WaitForLock = true }, clock);
        for (var i = 0; i < 20; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Schema.QueryAsync("SELECT 1");
            Assert.False(waiting.IsCompleted);
        }

        await first.DisposeAsync();
        await Waiting.UntilAsync("the second has the store", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });
        await using var second = await waiting;
        Assert.Equal(2, Assert.Single(await second.TakeOverAsync(Cancel)).Epoch);
    }

    /// <summary>A host that has lost its power says nothing, and nothing breaks: the server has to find out.</summary>
    [Fact]
    public async Task F18_A_process_that_has_vanished_keeps_the_store_for_seconds()
    {
        var options = Schema.Options with { IdleTransactionTimeout = TimeSpan.FromSeconds(1) };
        await using var wire = FaultProxy.Start(Schema.Server.Port);
        var vanished = await Schema.OpenAsync(
            options with { ConnectionString = PostgresServer.ConnectionStringAt(wire.Port) });
        var pulse = wire.NextPulse(WireFault.Silence);
        await pulse.Happened;

        // After so long it would give up waiting for its answer, and close its session by itself.
        await using var next = await Schema.OpenAsync(options with { WaitForLock = true })
            .WaitAsync(options.CommandTimeout, Cancel);

        Assert.Null(next.Fault);
        pulse.Release();
        await vanished.DisposeAsync();
    }

    [Fact]
    public async Task F18_A_lock_whose_session_was_lost_is_taken_up_again()
    {
        await using var store = await Schema.OpenAsync();
        await store.CreateAsync(_sale, Cancel);
        var session = (await Schema.QueryAsync($"SELECT pid {OurLocks}")).Trim();

        await Schema.QueryAsync($"SELECT pg_terminate_backend({session}, 5000)");

        await Waiting.UntilAsync(
            "another session has the lock",
            async () => (await Schema.QueryAsync($"SELECT pid {OurLocks}")).Trim() is { Length: > 0 } now
                && now != session);
        await CommitAsync(store, Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna")), isCommitted: true);
    }

    [Fact]
    public async Task F18_Who_has_lost_the_store_writes_nothing_more_and_leaves_the_lock_alone()
    {
        await using var old = await Schema.OpenAsync();
        await old.CreateAsync(_sale, Cancel);
        var first = Samples.Order(_sale, "first");
        await CommitAsync(old, Samples.Admissions(_sale, 1, 0, first), isCommitted: true);
        await using (var young = await TakeFromAsync(old))
        {
            Assert.Equal((2, 1), (await young.TakeOverAsync(Cancel)).Select(s => (s.Epoch, s.Admitted)).Single());
            var next = Samples.Order(_sale, "next");
            await CommitAsync(young, Samples.Admissions(_sale, 2, 1, next), isCommitted: true);
        }

        await CommitAsync(old, Samples.Admissions(_sale, 1, 1, Samples.Order(_sale, "late")), isCommitted: false);
        await IsRefusedAsync(() => old.ApplyAsync([new OrderCommand.Cancel(first.Id)], Samples.Noon, Cancel).AsTask());
        await IsRefusedAsync(
            () => old.ChangeAsync(_sale.Id, new SaleChange.Close(), Samples.Noon, Cancel).AsTask());
        await IsRefusedAsync(() => old.CreateAsync(Samples.Sale("late"), Cancel).AsTask());
        await IsRefusedAsync(() => old.FindAsync(_sale.Id, Cancel).AsTask());
        Assert.Equal((3, 2), await AvailableAndReservedAsync(old));

        // The young one has closed; were the old one to take the lock now, nobody could start, and it sells nothing.
        await using var third = await Schema.OpenAsync();
        Assert.Equal(3, Assert.Single(await third.TakeOverAsync(Cancel)).Epoch);
    }

    [Fact]
    public async Task F18_Each_schema_of_a_database_has_an_owner_of_its_own()
    {
        var other = await PostgresSchema.MakeAsync(shared);
        await using var first = await Schema.OpenAsync();
        await using var second = await other.OpenAsync();

        Assert.Equal(
            [1, 1], (await Task.WhenAll(
                first.CreateAsync(_sale, Cancel).AsTask(), second.CreateAsync(_sale, Cancel).AsTask()))
            .Select(snapshot => snapshot!.Epoch));
    }

    /// <summary>Who stood ready becomes the owner in the moment in which the old one loses its session.</summary>
    private async Task<PostgresStore> TakeFromAsync(PostgresStore old)
    {
        var waiting = Schema.OpenAsync(Schema.Options with { WaitForLock = true });
        await Schema.QueryAsync($"SELECT pg_terminate_backend(pid, 5000) {OurLocks}");
        var young = await waiting;
        Assert.NotSame(old, young);
        return young;
    }

    private static async Task IsRefusedAsync(Func<Task> write) =>
        await Assert.ThrowsAsync<StoreUnavailableException>(write);

    private static async Task CommitAsync(ILedger ledger, Admissions admissions, bool isCommitted) =>
        Assert.Equal(isCommitted, (await ledger.CommitAsync([admissions], Cancel)).Covers(admissions.Sale));

    private async Task<(long, long)> AvailableAndReservedAsync(ISaleStore store)
    {
        var report = await store.ReportAsync(_sale.Id, Cancel);
        return (report!.Stock.Available, report.Stock.Reserved);
    }
}
