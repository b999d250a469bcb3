using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The order store's side of a claim log: what gates of their own have admitted becomes orders and rejections in
/// PostgreSQL, each by its id. Any number of workers on any number of nodes may do so at once; nobody owns the store.
/// </summary>
/// <remarks>
/// A transaction locks its sales' rows first, in ascending order of id, so two that concern one sale take turns, and
/// each decides on all that stands (I1, I3). Tests: <c>PostgresFulfilmentTests</c>, which keep the suite of every such
/// store.
/// </remarks>
public sealed class PostgresFulfilment : IFulfilmentLedger, IOutbox, IAsyncDisposable
{
    private readonly PostgresConnections _connections;
    private readonly TimeProvider _clock;
    private readonly CommitTurns _turns;

    internal PostgresFulfilment(PostgresConnections connections, TimeProvider clock, ILogger logger)
    {
        _connections = connections;
        _clock = clock;
        _turns = new CommitTurns(logger);
    }

    /// <summary>Looks at the server and the schema, and connects.</summary>
    /// <exception cref="InvalidOperationException">They will not do; the message says what to change.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static async Task<PostgresFulfilment> OpenAsync(
        PostgresOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        new(await PostgresConnections.OpenAsync(options, cancellationToken), clock, logger);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var orders = await FulfilInOneAsync(entries, cancellationToken);
            _turns.Note(CommitStatus.Committed, null);
            return orders;
        }
        catch (PostgresException fault) when (PostgresFaults.IsConstraint(fault))
        {
            throw new BadClaimException($"A constraint refuses a claim. {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            _turns.Note(
                fault is OutcomeUnknownException ? CommitStatus.Unknown : CommitStatus.Failed, fault.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken)
    {
        var claim = entry.Claims.Single();
        var (transaction, stands) = await WriteTransaction.BeginAsync(
            _connections,
            batch =>
            {
                batch.Add(SaleRows.Lock, Parameters.Of([(string?)entry.Sale.ToString()]));
                batch.Add(OrderRows.SelectByIds, OrderRows.OfIds([claim.Order]));
            },
            async reader =>
            {
                await reader.NextResultAsync();
                return claim.Revival is null && await reader.ReadAsync();
            },
            cancellationToken);
        await using (transaction)
        {
            await transaction.CommitAsync(writes =>
            {
                if (!stands)
                {
                    writes.Add(DeadLetters.Insert, DeadLetters.Of(entry, claim, reason, _clock.GetUtcNow()));
                }
            });
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OutboxEntry>> ReadAsync(
        long after, int most, CancellationToken cancellationToken) =>
        await _connections.ReadAsync(
            connection => OutboxRows.ReadAsync(connection, after, most, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken)
    {
        var (transaction, _) = await WriteTransaction.BeginAsync(
            _connections, _ => { }, _ => Task.FromResult(true), cancellationToken);
        await using (transaction)
        {
            await transaction.CommitAsync(writes => writes.Add(OutboxRows.Delete, Parameters.Of([.. entries])));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private async Task<IReadOnlyList<Order>> FulfilInOneAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        var claims = entries.SelectMany(entry => entry.Claims).ToArray();
        var revivals = Array.FindAll(claims, claim => claim.Revival is not null);
        var (transaction, found) = await WriteTransaction.BeginAsync(
            _connections,
            batch => FoundClaims.AddTo(batch, entries, claims, revivals),
            reader => FoundClaims.ReadAsync(reader, hasRevivals: revivals.Length > 0),
            cancellationToken);
        await using (transaction)
        {
            var work = new FulfilmentWork(found, Parameters.Truncate(_clock.GetUtcNow()));
            var orders = work.Judge(entries);

            // Also where all of it stands: what is seen here may be on this server alone until its standby has a later
            // commit, and the log forgets the entries next (F08, I4).
            await transaction.CommitAsync(writes =>
            {
                if (!work.IsEmpty)
                {
                    work.AddTo(writes);
                }
            });
            return orders;
        }
    }
}
