using Doorbuster.Fulfilment;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Writes admitted claims as orders; it runs on the writer's thread, and only there.</summary>
/// <remarks>
/// What the gate decided still holds where the sale's epoch and count of admissions are those it decided on: nothing
/// else takes units or fills a limit. So the first write of each sale is that comparison; the rest follows from it, and
/// the CHECK constraints stand behind.
/// </remarks>
internal sealed class OrderWriter : IDisposable
{
    private const string TakeUnits =
        """
        UPDATE stock
        SET available = available - ?4, reserved = reserved + ?4, admitted = admitted + ?5, version = version + 1
        WHERE sale_no = ?1 AND epoch = ?2 AND admitted = ?3 AND available >= ?4
        """;

    private readonly Connection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _takeUnits;
    private readonly Statement _insert;

    public OrderWriter(Connection connection)
    {
        _connection = connection;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _takeUnits = connection.Prepare(TakeUnits);
        _insert = connection.Prepare(OrderRows.Insert);
    }

    /// <summary>Commits all of it in one transaction, but for sales that are stale.</summary>
    /// <param name="admissions">The orders, a sale each, with the sale's number.</param>
    /// <param name="firstRow">The row of the first order; the others follow.</param>
    public CommitReceipt Commit(IReadOnlyList<(long SaleNo, Admissions Admissions)> admissions, long firstRow)
    {
        HashSet<SaleId>? stale = null;
        try
        {
            _begin.Run();
            var row = firstRow;
            foreach (var (saleNo, sale) in admissions)
            {
                if (!Take(saleNo, sale))
                {
                    (stale ??= []).Add(sale.Sale);
                    continue;
                }

                foreach (var order in sale.Orders)
                {
                    OrderRows.Write(_insert, row++, saleNo, order);
                }
            }
        }
        catch (SqliteException)
        {
            _connection.RollbackIfOpen();
            return new CommitReceipt(CommitStatus.Failed);
        }

        return new CommitReceipt(Commit(), stale);
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _takeUnits.Dispose();
        _insert.Dispose();
    }

    private bool Take(long saleNo, Admissions sale)
    {
        _takeUnits
            .Bind(1, saleNo).Bind(2, sale.Epoch).Bind(3, sale.Before).Bind(4, sale.Units).Bind(5, sale.Orders.Count)
            .Run();
        return _connection.Changes == 1;
    }

    private CommitStatus Commit()
    {
        try
        {
            _commit.Run();
            return CommitStatus.Committed;
        }
        catch (SqliteException fault)
        {
            _connection.RollbackIfOpen();
            return fault.CommitSurelyFailed ? CommitStatus.Failed : CommitStatus.Unknown;
        }
    }
}
