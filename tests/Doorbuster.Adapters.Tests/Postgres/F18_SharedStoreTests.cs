using Doorbuster.Conformance;
using Doorbuster.Servers;
using Doorbuster.Sql;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>F18: nodes that share a store keep out a process that would own it, and the other way round.</summary>
public sealed class F18_SharedStoreTests(SharedPostgres shared) : IAsyncLifetime
{
    private const string OurLocks =
        "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 'ownership'::regclass::oid";

    private PostgresSchema? _schema;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresSchema Schema => _schema!;

    public async ValueTask InitializeAsync() => _schema = await PostgresSchema.MakeAsync(shared);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task F18_A_process_that_would_own_the_store_is_refused_while_one_node_shares_it()
    {
        var one = await OpenSharedAsync();
        await using (await OpenSharedAsync())
        {
            var refusal = await Assert.ThrowsAsync<StoreLockedException>(() => Schema.OpenAsync());
            Assert.Contains("Doorbuster:Gate=redis work on", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(Schema.Name, refusal.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<StoreLockedException>(() => Schema.OpenAsync());
        await one.DisposeAsync();
        await using var owner = await Schema.OpenAsync();
        Assert.Null(owner.Fault);
    }

    [Fact]
    public async Task F18_A_node_that_would_share_the_store_is_refused_while_a_process_owns_it()
    {
        await using (await Schema.OpenAsync())
        {
            var refusal = await Assert.ThrowsAsync<StoreLockedException>(() => OpenSharedAsync());
            Assert.Contains("Doorbuster:Gate=memory owns", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("--wait-for-lock", refusal.Message, StringComparison.Ordinal);
        }

        await using var node = await OpenSharedAsync();
        Assert.Null(node.Fault);
    }

    [Fact]
    public async Task F18_A_node_that_waits_shares_the_store_once_its_owner_has_closed()
    {
        var owner = await Schema.OpenAsync();
        var waiting = OpenSharedAsync(Schema.Options with { WaitForLock = true });
        await Waiting.UntilAsync("it had tried", async () => (await Schema.QueryAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock_shared%' "
            + "AND pid <> pg_backend_pid()")).Trim() != "0");
        Assert.False(waiting.IsCompleted);

        await owner.DisposeAsync();
        await using var node = await waiting;
        Assert.Null(node.Fault);
    }

    [Fact]
    public async Task F18_A_node_whose_session_was_lost_takes_its_lock_up_again_and_says_so_meanwhile()
    {
        await using var node = await OpenSharedAsync();
        var session = await PidsAsync();

        await Schema.QueryAsync($"SELECT pg_terminate_backend({session}, 5000)");

        await Waiting.UntilAsync("another session has the lock", async () =>
            await PidsAsync() is { Length: > 0 } now && now != session);
        await Waiting.UntilAsync("nothing is amiss", () => node.Fault is null);
        Assert.False(node.Lost.IsCompleted);
    }

    [Fact]
    public async Task F18_A_node_whose_store_was_taken_by_an_owner_meanwhile_is_told_that_it_is_lost()
    {
        await using var node = await OpenSharedAsync();
        var waiting = Schema.OpenAsync(Schema.Options with { WaitForLock = true });

        // Whoever is first has the lock: the one that waits tries five times a second, the node once.
        await Waiting.UntilAsync("the one that waits has it", async () =>
        {
            await Schema.QueryAsync($"SELECT pg_terminate_backend(pid, 5000) {OurLocks} AND mode = 'ShareLock'");
            return waiting.IsCompleted;
        });
        await using var owner = await waiting;
        await owner.TakeOverAsync(Cancel);

        await node.Lost.WaitAsync(Waiting.Patience, Cancel);
        Assert.Contains("owner", node.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F18_A_node_whose_store_has_another_gate_meanwhile_is_told_that_it_is_lost(bool wasTheGate)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        await using var node = await OpenAsync(Schema.Options, wasTheGate, clock);
        await Schema.QueryAsync($"SELECT pg_terminate_backend(pid, 5000) {OurLocks}");

        await using var other = await OpenAsync(Schema.Options, !wasTheGate, TimeProvider.System);

        await Waiting.UntilAsync("the node knew", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return node.Lost.IsCompleted;
        });
        Assert.Contains("owner", node.Fault, StringComparison.Ordinal);
        Assert.False(other.Lost.IsCompleted);
    }

    private static Task<PostgresStore> OpenAsync(PostgresOptions options, bool isGate, TimeProvider clock) => isGate
        ? PostgresStore.OpenAsGateAsync(options, clock, NullLogger.Instance, Cancel)
        : PostgresStore.OpenSharedAsync(options, clock, NullLogger.Instance, Cancel);

    private Task<PostgresStore> OpenSharedAsync(PostgresOptions? options = null) => PostgresStore.OpenSharedAsync(
        options ?? Schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);

    private async Task<string> PidsAsync() => (await Schema.QueryAsync($"SELECT pid {OurLocks}")).Trim();
}
