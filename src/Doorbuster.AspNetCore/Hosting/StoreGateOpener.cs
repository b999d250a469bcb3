using Doorbuster.AspNetCore.Settings;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>Opens what nodes share whose gate is the order store in PostgreSQL.</summary>
internal static class StoreGateOpener
{
    /// <summary>
    /// Opens it. A database that does not answer yet is waited for, and one that will not do ends the start.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The database or its schema will not do; the message says what to change.
    /// </exception>
    /// <exception cref="Sql.StoreLockedException">A process or nodes of another gate work on the store.</exception>
    /// <exception cref="StoreUnavailableException">The database does not answer, or refuses.</exception>
    public static async ValueTask<OpenStore> OpenAsync(
        DoorbusterOptions options, TimeProvider clock, RandomSource random, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var store = await PostgresStore.OpenAsGateAsync(
            options.Postgres, clock, loggers.CreateLogger<PostgresStore>(), cancellationToken);
        var node = Guid.NewGuid().ToString("N");
        var hints = new PostgresHints(options.Postgres, node, clock);
        var shared = new StoreGateParts(
            node, store.Gate(options.Database.Concurrency), store, store, store, store,
            random.Fraction)
        {
            Hints = hints,
            ListenForUnits = hints.ListenForUnits,
            Nodes = store.Reconciliation(clock),
            BatchesInFlight = options.Database.BatchesInFlight,
            Patience = options.Database.Patience,
        };
        return new OpenStore(store, store, store, new Owner(store, hints))
        {
            Lanes = options.Database.Lanes,
            AsGate = shared,
            Lost = store.Lost,
            Check = _ => Task.FromResult<IReadOnlyList<string>>(store.Fault is { } fault ? [fault] : []),
        };
    }

    private sealed class Owner(PostgresStore store, PostgresHints hints) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await hints.DisposeAsync();
            await store.DisposeAsync();
        }
    }
}
