using Doorbuster.Fulfilment;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Writes admitted claims as orders; its caller has the writer's turn.</summary>
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
    private readonly OrderIndex _index;
    private readonly Fence _fence;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _takeUnits;
    private readonly Statement _insert;

    public OrderWriter(Connection connection, OrderIndex index, Fence fence)
    {
        _connection = connection;
        _index = index;
        _fence = fence;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _takeUnits = connection.Prepare(TakeUnits);
        _insert = connection.Prepare(OrderRows.Insert);
    }

    /// <summary>Why the last commit that was not made was not.</summary>
    public SqliteException? LastFault { get; private set; }

    /// <summary>Commits all of it in one transaction, but for sales that are stale.</summary>
    /// <param name="sales">The orders, a sale each.</param>
    /// <param name="firstRow">The row of the first order; the others follow.</param>
    /// <returns>How it ended, and the row after the last order, if it was committed.</returns>
    /// <exception cref="SqliteException">A constraint refused a row; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">An order's id is there already; nothing was written.</exception>
    public (CommitReceipt Receipt, long NextRow) Commit(IReadOnlyList<SaleOrders> sales, long firstRow)
    {
        HashSet<SaleId>? stale = null;
        var row = firstRow;
        var status = CommitStatus.Failed;
        try
        {
            _begin.Run();
            var isOurs = _fence.Pass();
            foreach (var sale in sales)
            {
                if (isOurs && sale.No != SaleOrders.NoSuchSale && Take(sale))
                {
                    var next = _index.Add(sale.Admissions.Orders, row);
                    Write(sale, row);
                    row = next;
                }
                else
                {
                    (stale ??= []).Add(sale.Admissions.Sale);
                }
            }

            status = Commit();
        }
        catch (SqliteException fault) when (!fault.IsConstraint)
        {
            LastFault = fault;
        }
        finally
        {
            // A row that the database itself refuses, and an id that is there already, are broken invariants: they go
            // on to the lane, which stops. They leave as little behind as a full disk does.
            if (status != CommitStatus.Committed)
            {
                _index.RemoveFrom(firstRow);
                _connection.RollbackIfOpen();
            }
        }

        return (new CommitReceipt(status, stale), row);
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _takeUnits.Dispose();
        _insert.Dispose();
    }

    private bool Take(SaleOrders sale)
    {
        var admissions = sale.Admissions;
        _takeUnits
            .Bind(1, sale.No).Bind(2, admissions.Epoch).Bind(3, admissions.Before)
            .Bind(4, admissions.Units).Bind(5, admissions.Orders.Count)
            .Run();
        return _connection.Changes == 1;
    }

    private void Write(SaleOrders sale, long row)
    {
        var orders = sale.Admissions.Orders;
        for (var i = 0; i < orders.Count; i++)
        {
            OrderRows.Write(_insert, row + i, sale.No, orders[i]);
        }
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
            LastFault = fault;
            return fault.CommitSurelyFailed ? CommitStatus.Failed : CommitStatus.Unknown;
        }
    }
}

/// <summary>What was admitted of a sale.</summary>
/// <param name="No">The number by which rows name the sale.</param>
/// <param name="Admissions">The orders.</param>
internal readonly record struct SaleOrders(long No, Admissions Admissions)
{
    /// <summary>The number of a sale that the store does not have.</summary>
    public const long NoSuchSale = 0;
}
