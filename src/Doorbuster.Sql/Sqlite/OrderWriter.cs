using Doorbuster.Fulfilment;
using Doorbuster.Orders;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Writes admitted claims as orders; its caller has the writer's turn.</summary>
/// <remarks>
/// What the gate decided still holds where the sale's epoch, revision and count of admissions are those it decided on:
/// nothing else takes units or fills a limit; units that came back meanwhile only leave more. So the first write of
/// each sale is that comparison; the rest follows from it, and the CHECK constraints stand behind.
/// </remarks>
internal sealed class OrderWriter : IDisposable
{
    private const string TakeUnits =
        """
        UPDATE stock
        SET available = available - ?4, reserved = reserved + ?4, admitted = admitted + ?5, events = events + ?6,
            version = version + 1
        WHERE sale_no = ?1 AND epoch = ?2 AND admitted = ?3 AND available >= ?7
          AND (SELECT revision FROM sales WHERE no = ?1) = ?8
        """;

    /// <summary>By itself: to return it from the update, SQLite fills a temporary table each time.</summary>
    private const string EventsSoFar = "SELECT events FROM stock WHERE sale_no = ?1";

    private const string HasNewTerms =
        """
        SELECT 1 FROM stock AS k JOIN sales AS s ON s.no = k.sale_no
        WHERE k.sale_no = ?1 AND k.epoch = ?2 AND k.admitted = ?3 AND s.revision > ?4
        """;

    private readonly Connection _connection;
    private readonly OrderIndex _index;
    private readonly Fence _fence;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _takeUnits;
    private readonly Statement _eventsSoFar;
    private readonly Statement _hasNewTerms;
    private readonly Statement _insert;
    private readonly Statement _insertEvent;
    private readonly ChangeWriter _changes;

    public OrderWriter(Connection connection, OrderIndex index, Fence fence, ChangeWriter changes)
    {
        _connection = connection;
        _index = index;
        _fence = fence;
        _changes = changes;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _takeUnits = connection.Prepare(TakeUnits);
        _eventsSoFar = connection.Prepare(EventsSoFar);
        _hasNewTerms = connection.Prepare(HasNewTerms);
        _insert = connection.Prepare(OrderRows.Insert);
        _insertEvent = connection.Prepare(EventRows.Insert);
    }

    /// <summary>Why the last commit that was not made was not.</summary>
    public SqliteException? LastFault { get; private set; }

    /// <summary>Commits all of it in one transaction, but for sales that are stale or have new terms.</summary>
    /// <param name="sales">The orders, a sale each.</param>
    /// <param name="firstRow">The row of the first order; the others follow.</param>
    /// <returns>How it ended, and the row after the last order, if it was committed.</returns>
    /// <exception cref="SqliteException">A constraint refused a row; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">An order's id is there already; nothing was written.</exception>
    public (CommitReceipt Receipt, long NextRow) Commit(IReadOnlyList<SaleOrders> sales, long firstRow)
    {
        HashSet<SaleId>? stale = null;
        HashSet<SaleId>? changed = null;
        var row = firstRow;
        var status = CommitStatus.Failed;
        try
        {
            _begin.Run();
            var isOurs = _fence.Pass();
            foreach (var sale in sales)
            {
                if (isOurs && sale.No != SaleOrders.NoSuchSale && Take(sale) is { } firstEvent)
                {
                    var next = _index.Add(sale.Admissions.Orders, row);
                    Write(sale, row, firstEvent);
                    row = next;
                }
                else if (isOurs && IsChanged(sale))
                {
                    (changed ??= []).Add(sale.Admissions.Sale);
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

        return (new CommitReceipt(status, stale, changed), row);
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _takeUnits.Dispose();
        _eventsSoFar.Dispose();
        _hasNewTerms.Dispose();
        _insert.Dispose();
        _insertEvent.Dispose();
    }

    /// <summary>
    /// Takes the units of new orders; those of revivals go from available to sold where they are written.
    /// </summary>
    /// <returns>The number of the first order's transition; null where the sale is not as the gate knew it.</returns>
    private long? Take(SaleOrders sale)
    {
        var admissions = sale.Admissions;
        var revived = admissions.Revivals.Sum(claim => (long)claim.Quantity);
        _takeUnits
            .Bind(1, sale.No).Bind(2, admissions.Epoch).Bind(3, admissions.Before)
            .Bind(4, admissions.Units - revived).Bind(5, admissions.Count).Bind(6, admissions.Orders.Count)
            .Bind(7, admissions.Units).Bind(8, admissions.Revision)
            .Run();
        return _connection.Changes == 1 ? ReadEvents(sale.No) - admissions.Orders.Count + 1 : null;
    }

    private long ReadEvents(long saleNo)
    {
        _eventsSoFar.Bind(1, saleNo).Step();
        var events = _eventsSoFar.GetInt64(0);
        _eventsSoFar.Reset();
        return events;
    }

    private bool IsChanged(SaleOrders sale)
    {
        var admissions = sale.Admissions;
        _hasNewTerms
            .Bind(1, sale.No).Bind(2, admissions.Epoch).Bind(3, admissions.Before).Bind(4, admissions.Revision);
        var isChanged = _hasNewTerms.Step();
        _hasNewTerms.Reset();
        return isChanged;
    }

    private void Write(SaleOrders sale, long row, long firstEvent)
    {
        var orders = sale.Admissions.Orders;
        for (var i = 0; i < orders.Count; i++)
        {
            OrderRows.Write(_insert, row + i, sale.No, orders[i]);
        }

        if (orders.Count > 0)
        {
            EventRows.Write(
                _insertEvent,
                sale.No,
                new EventRow(
                    firstEvent, EventKind.OrderReserved, orders[0].ReservedAt, orders.Count, row, orders[0].Revision));
        }

        if (sale.Admissions.Revivals.Count > 0)
        {
            _changes.Revive(sale.Admissions.Revivals, sale.Admissions.Now);
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
