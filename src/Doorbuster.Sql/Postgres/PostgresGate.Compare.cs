using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>Claims that are judged without a lock, and written only if nothing has changed since.</content>
public sealed partial class PostgresGate
{
    /// <summary>
    /// The compare-and-set: who wins has the row's lock from here on. A row that somebody else has is waited for, and
    /// compared as it is then.
    /// </summary>
    private const string Take =
        """
        UPDATE sales
        SET available = available - $4, reserved = reserved + $4, admitted = admitted + $5, events = events + $5,
            version = version + 1, available_version = available_version + 1
        WHERE no = $1 AND version = $2 AND epoch = $3
        RETURNING clock_timestamp()
        """;

    private async Task<CommitReceipt> CompareAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, CancellationToken cancellationToken)
    {
        var finds = await ReadAsync(batches, cancellationToken);
        MustBeOurs(finds);
        var granted = Judge(batches, judge, finds);
        if (batches.Any(IsDecidedByTime))
        {
            // A transaction of before that time may be on its way to the disk with just such a claim.
            return await LockAsync(batches, revivals: [], judge, cancellationToken);
        }

        if (granted.Count == 0)
        {
            return new CommitReceipt(CommitStatus.Committed);
        }

        // In the order in which every transaction locks.
        granted.Sort((one, other) => string.CompareOrdinal(one.Sale.ToString(), other.Sale.ToString()));
        var (transaction, taken) = await WriteTransaction.BeginUnfencedAsync(
            _connections.Writers, batch => AddTakes(batch, granted, finds), reader => ReadTakesAsync(reader, granted),
            cancellationToken);
        await using (transaction)
        {
            var lost = LostOf(granted, taken, finds);
            if (lost.Count < granted.Count)
            {
                var moves = new StockMoves(finds.Holders, notesOrders: true);
                foreach (var ofSale in granted.Where(one => !lost.Contains(one.Sale)))
                {
                    moves.Reserve(finds.Sales[ofSale.Sale], ofSale.Orders);
                }

                await transaction.CommitAsync(moves.AddOrdersTo);
            }

            return new CommitReceipt(CommitStatus.Committed, Changed: lost);
        }
    }

    private static bool IsDecidedByTime(SaleBatch batch)
    {
        foreach (ref readonly var answer in batch.Answers)
        {
            if (answer.Outcome is Outcome.Closed or Outcome.TokenExpired)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What was taken after its sale had closed is not sold: the row was waited for. Then nothing of the transaction
    /// stands, and all of it is judged again.
    /// </summary>
    private static HashSet<SaleId> LostOf(
        List<Admissions> granted, Dictionary<SaleId, DateTimeOffset> taken, GateFinds finds)
    {
        var isLate = taken.Any(one => finds.Sales[one.Key].ClosesAt <= one.Value);
        return granted.Select(one => one.Sale).Where(sale => isLate || !taken.ContainsKey(sale)).ToHashSet();
    }

    /// <summary>Reads sales and what their claims' buyers have, the sales first; see the remarks.</summary>
    private async Task<GateFinds> ReadAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return await _connections.Writers.ReadAsync(
                    async connection =>
                    {
                        await using var batch = connection.CreateBatch();
                        GateFinds.AddTo(batch, SaleRows.ReadUnlocked, batches, revivals: []);
                        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
                        return await GateFinds.ReadAsync(reader, batches, hasRevivals: false);
                    },
                    cancellationToken);
            }
            catch (Exception fault) when (isFirst && PostgresFaults.IsBrokenConnection(fault))
            {
                // The next connection may be as old; a new one is made where none is left.
            }
            catch (Exception fault) when (PostgresFaults.IsTransient(fault))
            {
                throw new StoreUnavailableException($"The order store cannot be read. {fault.Message}", fault);
            }
        }
    }

    private static void AddTakes(NpgsqlBatch batch, List<Admissions> granted, GateFinds finds)
    {
        foreach (var ofSale in granted)
        {
            var sale = finds.Sales[ofSale.Sale];
            batch.Add(
                Take, Parameters.Of(sale.No), Parameters.Of(sale.Version), Parameters.Of(sale.Epoch),
                Parameters.Of((int)ofSale.Units), Parameters.Of((long)ofSale.Count));
        }
    }

    private static async Task<Dictionary<SaleId, DateTimeOffset>> ReadTakesAsync(
        NpgsqlDataReader reader, List<Admissions> granted)
    {
        var taken = new Dictionary<SaleId, DateTimeOffset>();
        for (var i = 0; i < granted.Count; i++)
        {
            if (i > 0)
            {
                await reader.NextResultAsync();
            }

            if (await reader.ReadAsync())
            {
                taken.Add(granted[i].Sale, reader.GetTime(0));
            }
        }

        return taken;
    }
}
