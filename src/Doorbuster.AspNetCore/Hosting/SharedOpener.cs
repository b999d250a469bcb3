using Doorbuster.AspNetCore.Settings;
using Doorbuster.RabbitMq;
using Doorbuster.Redis;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>Opens what nodes share: the order store in PostgreSQL and the gate in Redis.</summary>
internal static class SharedOpener
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Opens them. A Redis that does not answer yet is waited for by readiness, and one that will not do too; so is
    /// RabbitMQ. A database that does not answer yet is waited for here, and one that will not do ends the start.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The database or its schema will not do; the message says what to change.
    /// </exception>
    /// <exception cref="Sql.StoreLockedException">A process whose gate is in memory owns the store.</exception>
    /// <exception cref="StoreUnavailableException">The database does not answer, or refuses.</exception>
    public static async ValueTask<OpenStore> OpenAsync(
        DoorbusterOptions options, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var store = await PostgresStore.OpenSharedAsync(
            options.Postgres, clock, loggers.CreateLogger<PostgresStore>(), cancellationToken);
        try
        {
            var redis = await RedisServer.ConnectAsync(options.Redis.ConnectionString);
            var gate = new RedisGate(redis, options.Redis.ForGate(options.Limits), clock);
            var fulfilment = store.Fulfilment(clock, loggers.CreateLogger<PostgresFulfilment>());

            // Entries stay with a reader by its name, so a node that starts again is another reader.
            var node = Guid.NewGuid().ToString("N");
            var transports = new List<RabbitTransport>();
            var reconciliation = store.Reconciliation(clock);
            var shared = new SharedParts(
                node, gate,
                reader => new RedisClaimLog(redis, $"{node}-{reader}", options.Redis.CallTimeout, clock),
                store, store, store, store, fulfilment, fulfilment, reconciliation, reconciliation, reconciliation)
            {
                OpenTransport = options.RabbitAddress is null ? null : Transport,
                BatchesInFlight = options.Redis.BatchesInFlight,
                Hints = new RedisHints(redis, node, options.Redis.CallTimeout, clock),
                Letters = reconciliation,
                Ending = reconciliation,
                PatienceWithClosed = options.Workers.ClosedGatePatience,
                Nodes = reconciliation,
                Patience = options.Workers.DeadLetterPatience,
                Workers = options.Workers.Count,
                ClaimsAtOnce = options.Workers.ClaimsAtOnce,
                Reading = options.Workers.Reading,
            };
            return new OpenStore(store, store, store, new Owner(store, redis, transports))
            {
                Lanes = options.Redis.Lanes,
                Shared = shared,
                Lost = store.Lost,
                Check = async stop =>
                [
                    .. Known([store.Fault, .. transports.Select(transport => transport.Fault)]),
                    .. await CheckAsync(redis, clock, stop),
                ],
            };

            RabbitTransport Transport()
            {
                transports.Add(new RabbitTransport(options.RabbitAddress!, options.RabbitMq, clock));
                return transports[^1];
            }
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<string> Known(IEnumerable<string?> faults) => faults.OfType<string>().Distinct();

    private static async Task<IReadOnlyList<string>> CheckAsync(
        ConnectionMultiplexer redis, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await RedisServer.CheckAsync(redis, CheckTimeout, clock, cancellationToken);
        }
        catch (Exception fault) when (fault is TimeoutException or RedisException)
        {
            return [$"Redis does not answer: {fault.Message}"];
        }
    }

    private sealed class Owner(
        PostgresStore store, ConnectionMultiplexer redis, IReadOnlyList<RabbitTransport> transports) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var transport in transports)
            {
                await transport.DisposeAsync();
            }

            await redis.CloseAsync();
            redis.Dispose();
            await store.DisposeAsync();
        }
    }
}
