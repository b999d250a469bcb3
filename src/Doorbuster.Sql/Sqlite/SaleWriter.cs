using Doorbuster.Claims;
using Doorbuster.Orders;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Writes sales; its caller has the writer's turn.</summary>
internal sealed class SaleWriter(Connection connection, Fence fence)
{
    /// <summary>
    /// Writes a sale with all its units available, under epoch 1, in a transaction of its own. The caller knows that
    /// there is none of its id.
    /// </summary>
    /// <returns>The number by which rows name it.</returns>
    /// <exception cref="SqliteException">It was not written.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been written or not.</exception>
    public long Create(Sale sale)
    {
        long no = 0;
        Transaction.Run(connection, fence, () =>
        {
            no = connection.ReadInt64("SELECT coalesce(max(no), 0) + 1 FROM sales");
            using var insert = connection.Prepare(SaleRows.Insert);
            SaleRows.Write(insert, no, sale);
            using var insertStock = connection.Prepare(SaleRows.InsertStock);
            insertStock.Bind(1, no).Bind(2, sale.Quantity).Run();
        });
        return no;
    }

    /// <summary>Decides an operator's change and commits it with its event and the units it adds.</summary>
    /// <param name="no">The number by which rows name the sale.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="now">The time of the transaction.</param>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been written or not.</exception>
    public SaleChangeAnswer Change(long no, SaleChange change, DateTimeOffset now)
    {
        SaleChangeAnswer answer = default;
        Transaction.Run(connection, fence, () =>
        {
            var sale = Read(no);
            answer = SaleRule.Decide(sale, change, ReplenishedBefore(no, change), now);
            if (answer is { Outcome: SaleChangeOutcome.Done, Sale: { } changed })
            {
                Write(no, sale, changed, change, now);
            }
        });
        return answer;
    }

    /// <summary>Raises one sale's epoch, and takes the snapshot to open its gate anew.</summary>
    /// <returns>Null where it has another epoch.</returns>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been written or not.</exception>
    public GateSnapshot? Raise(long no, long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        GateSnapshot? snapshot = null;
        Transaction.Run(connection, fence, () =>
        {
            using var raise = connection.Prepare("UPDATE stock SET epoch = ?3 WHERE sale_no = ?1 AND epoch = ?2");
            raise.Bind(1, no).Bind(2, from).Bind(3, to).Run();
            snapshot = connection.Changes == 1 ? GateLoader.LoadOne(connection, no) : null;
        });
        return snapshot;
    }

    /// <summary>The number by which rows name a sale; null where there is none of this id.</summary>
    public long? Find(SaleId sale)
    {
        using var select = connection.Prepare("SELECT no FROM sales WHERE id = ?1");
        return select.BindText(1, sale.ToString()).Step() ? select.GetInt64(0) : null;
    }

    /// <summary>A sale as it stands.</summary>
    public Sale Read(long no)
    {
        using var select = connection.Prepare(SaleRows.SelectByNo);
        select.Bind(1, no).Step();
        return SaleRows.Read(select).Sale;
    }

    private int? ReplenishedBefore(long no, SaleChange change)
    {
        if (change is not SaleChange.Replenish replenish)
        {
            return null;
        }

        using var select = connection.Prepare(
            "SELECT quantity FROM replenishments WHERE sale_no = ?1 AND request_id = ?2");
        return select.Bind(1, no).BindText(2, replenish.RequestId).Step() ? checked((int)select.GetInt64(0)) : null;
    }

    private void Write(long no, Sale before, Sale sale, SaleChange change, DateTimeOffset now)
    {
        using var update = connection.Prepare(SaleRows.Update);
        SaleRows.WriteChange(update, no, before.Revision, sale);
        var added = sale.Quantity - before.Quantity;
        using var addUnits = connection.Prepare(SaleRows.AddUnits);
        addUnits.Bind(1, no).Bind(2, added).Run();
        if (change is SaleChange.Replenish replenish)
        {
            using var note = connection.Prepare(
                "INSERT INTO replenishments (sale_no, request_id, quantity, total) VALUES (?1, ?2, ?3, ?4)");
            note.Bind(1, no).BindText(2, replenish.RequestId).Bind(3, added).Bind(4, sale.Quantity).Run();
        }

        using var events = connection.Prepare(
            "INSERT INTO events (sale_no, first, count, kind, at_ms, order_revision, sale_revision, quantity) "
            + "SELECT ?1, events, 1, ?2, ?3, 0, ?4, ?5 FROM stock WHERE sale_no = ?1");
        events
            .Bind(1, no).Bind(2, (long)EventKinds.Of(change)).Bind(3, now.ToUnixTimeMilliseconds())
            .Bind(4, sale.Revision).Bind(5, added)
            .Run();
    }
}
