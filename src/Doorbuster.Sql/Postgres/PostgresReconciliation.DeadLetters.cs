using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>Admitted claims that could not be written.</content>
public sealed partial class PostgresReconciliation : IDeadLetters
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(
        DeadLetterId? after, int most, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => DeadLetters.ReadPageAsync(connection, after, most, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeadLetter?> FindLetterAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => DeadLetters.FindAsync(connection, id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetterId>> OverdueAsync(
        DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => DeadLetters.ReadOverdueAsync(connection, before, most, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Order?> RejectAsync(DeadLetterId id, CancellationToken cancellationToken)
    {
        if (await FindLetterAsync(id, cancellationToken) is not { } seen)
        {
            return null;
        }

        var claim = seen.Entry.Claims[0];
        Claim[] revivals = claim.Revival is null ? [] : [claim];
        var (transaction, (found, letter)) = await WriteTransaction.BeginAsync(
            _connections.Writers,
            batch =>
            {
                FoundClaims.AddTo(batch, [seen.Entry], [claim], revivals);
                batch.Add(DeadLetters.SelectOne, DeadLetters.OfId(id));
            },
            reader => ReadForRejectionAsync(reader, hasRevivals: revivals.Length > 0),
            cancellationToken);
        await using (transaction)
        {
            if (letter is null || !found.Sales.ContainsKey(id.Order.Sale))
            {
                return null;
            }

            var work = new FulfilmentWork(found, Parameters.Truncate(_clock.GetUtcNow()));
            var orders = work.GiveUp(letter.Entry);
            await transaction.CommitAsync(work.AddTo);
            return orders is [var order] ? order : null;
        }
    }

    private static async Task<(FoundClaims Found, DeadLetter? Letter)> ReadForRejectionAsync(
        NpgsqlDataReader reader, bool hasRevivals)
    {
        var found = await FoundClaims.ReadAsync(reader, hasRevivals);
        await reader.NextResultAsync();
        return (found, await reader.ReadAsync() ? DeadLetters.Read(reader) : null);
    }
}
