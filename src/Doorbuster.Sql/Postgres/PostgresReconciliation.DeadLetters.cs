using Doorbuster.Fulfilment;
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
        DateTimeOffset before, DeadLetterId? after, int most, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => DeadLetters.ReadOverdueAsync(connection, before, after, most, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReplayAnswer?> ReplayAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        SettleAsync(id, (work, letter) => work.Judge([letter.Entry]), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Order?> RejectAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        (await SettleAsync(id, (work, letter) => work.GiveUp(letter.Entry), cancellationToken))?.Order;

    /// <summary>
    /// Locks the letter's sale, and then looks at the letter: under that lock nobody buries it, restamps it, or lets it
    /// go, so it is judged under the epoch whose gate holds its units.
    /// </summary>
    private async ValueTask<ReplayAnswer?> SettleAsync(
        DeadLetterId id, Func<FulfilmentWork, DeadLetter, IReadOnlyList<Order>> judge,
        CancellationToken cancellationToken)
    {
        if (await FindLetterAsync(id, cancellationToken) is not { } seen)
        {
            return null;
        }

        var claim = seen.Entry.Claims[0];
        Claim[] revivals = claim.Revival is null ? [] : [claim];
        var (transaction, (found, letter)) = await WriteTransaction.BeginAsync(
            _connections,
            batch =>
            {
                FoundClaims.AddTo(batch, [seen.Entry], [claim], revivals);
                batch.Add(DeadLetters.SelectOne, DeadLetters.OfId(id));
            },
            reader => ReadForSettlementAsync(reader, hasRevivals: revivals.Length > 0),
            cancellationToken);
        await using (transaction)
        {
            if (letter is null)
            {
                return null;
            }

            var work = new FulfilmentWork(found, Parameters.Truncate(_clock.GetUtcNow()));
            var order = judge(work, letter) is [var one] ? one : null;
            await CommitAsync(transaction, work);
            return work.HasUndecided ? ReplayAnswer.AsksAgain(order) : new ReplayAnswer(order);
        }
    }

    private static async Task CommitAsync(WriteTransaction transaction, FulfilmentWork work)
    {
        try
        {
            await transaction.CommitAsync(work.AddTo);
        }
        catch (PostgresException fault) when (PostgresFaults.IsConstraint(fault))
        {
            throw new BadClaimException($"A constraint refuses a claim. {fault.Message}", fault);
        }
    }

    private static async Task<(FoundClaims Found, DeadLetter? Letter)> ReadForSettlementAsync(
        NpgsqlDataReader reader, bool hasRevivals)
    {
        var found = await FoundClaims.ReadAsync(reader, hasRevivals);
        await reader.NextResultAsync();
        return (found, await reader.ReadAsync() ? DeadLetters.Read(reader) : null);
    }
}
