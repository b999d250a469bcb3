using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The order store in PostgreSQL as the gate that nodes share: claims are judged within the transaction that commits
/// them. Any number of nodes may do so at once; nobody owns the store.
/// </summary>
/// <remarks>
/// <para>
/// A transaction that locks takes two round trips, see <see cref="WriteTransaction"/>. One that does not takes three:
/// it reads, then takes the units from the sales' rows if their versions are still those that it read, which locks
/// them, and then writes the orders. Either way sales are locked in ascending order of id, so that no two wait for each
/// other, and whoever has a sale's lock knows how every transaction before it ended (I1, I3, F08).
/// </para>
/// <para>
/// Every change of a sale's stock or terms raises its version, and its row is read before anything else is: so what was
/// read belongs to that version, if the version still holds. Tests: <c>PostgresGateStoreTests</c>.
/// </para>
/// </remarks>
public sealed partial class PostgresGate : IGateStore
{
    private readonly PostgresConnections _connections;
    private readonly GateConcurrency _concurrency;
    private readonly long _owner;
    private readonly CommitTurns _turns;

    internal PostgresGate(
        PostgresConnections connections, GateConcurrency concurrency, long owner, ILogger logger)
    {
        _connections = connections;
        _concurrency = concurrency;
        _owner = owner;
        _turns = new CommitTurns(logger);
    }

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> ClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (receipt, fault) = await TryClaimAsync(batches, judge, isInDoubt, cancellationToken);
        _turns.Note(receipt.Status, fault?.Message);
        return receipt;
    }

    private async Task<(CommitReceipt Receipt, Exception? Fault)> TryClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken)
    {
        var revivals = RevivalsIn(batches);
        try
        {
            // Late money is rare, and its payment's row wants a lock anyway.
            var receipt = _concurrency == GateConcurrency.Conditional || isInDoubt || revivals.Count > 0
                ? await LockAsync(batches, revivals, judge, cancellationToken)
                : await CompareAsync(batches, judge, cancellationToken);
            return (receipt, null);
        }
        catch (StoreUnavailableException fault)
        {
            return (new CommitReceipt(CommitStatus.Failed), fault);
        }
        catch (OutcomeUnknownException fault)
        {
            return (new CommitReceipt(CommitStatus.Unknown), fault);
        }
    }

    /// <exception cref="PostgresException">
    /// A constraint refused a row, so that the rule had decided wrongly: nothing was written.
    /// </exception>
    private async Task<CommitReceipt> LockAsync(
        IReadOnlyList<SaleBatch> batches, List<Claim> revivals, JudgeBatch judge,
        CancellationToken cancellationToken)
    {
        var (transaction, finds) = await WriteTransaction.BeginUnfencedAsync(
            _connections.Writers,
            batch => GateFinds.AddTo(batch, SaleRows.Lock, batches, revivals),
            reader => GateFinds.ReadAsync(reader, batches, hasRevivals: revivals.Count > 0),
            cancellationToken);
        await using (transaction)
        {
            MustBeOurs(finds);
            var granted = Judge(batches, judge, finds);
            if (granted.Count > 0)
            {
                var moves = new StockMoves(finds.Holders, notesOrders: true);
                var changes = new OrderChanges(finds.Sales, finds.Records, moves);
                foreach (var ofSale in granted)
                {
                    moves.Reserve(finds.Sales[ofSale.Sale], ofSale.Orders);
                    foreach (var claim in ofSale.Revivals)
                    {
                        changes.Revive(claim, ofSale.Now);
                    }
                }

                await transaction.CommitAsync(writes =>
                {
                    moves.AddTo(writes);
                    changes.AddTo(writes);
                });
            }

            return new CommitReceipt(CommitStatus.Committed);
        }
    }

    /// <exception cref="StoreUnavailableException">Another gate works on the store now.</exception>
    private void MustBeOurs(GateFinds finds)
    {
        if (finds.Owner != (_owner, GateSwitch.Database))
        {
            throw new StoreUnavailableException("Another gate has begun to work on the order store.");
        }
    }

    private static List<Admissions> Judge(IReadOnlyList<SaleBatch> batches, JudgeBatch judge, GateFinds finds)
    {
        var granted = new List<Admissions>(batches.Count);
        foreach (var batch in batches)
        {
            if (judge(batch, finds.Of(batch), finds.Now) is { } some)
            {
                granted.Add(some);
            }
        }

        return granted;
    }

    private static List<Claim> RevivalsIn(IReadOnlyList<SaleBatch> batches)
    {
        var revivals = new List<Claim>();
        foreach (var batch in batches)
        {
            foreach (ref readonly var claim in batch.Claims)
            {
                if (claim.Revival is not null)
                {
                    revivals.Add(claim);
                }
            }
        }

        return revivals;
    }
}
