using Doorbuster.Orders;

namespace Doorbuster.Sql.Sqlite;

/// <summary>How transitions are rows.</summary>
internal static class EventRows
{
    public const string Insert =
        """
        INSERT INTO events (sale_no, first, count, kind, at_ms, order_no, order_revision, payment_no, sale_revision,
                            quantity)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    public static void Write(Statement insert, long saleNo, in EventRow row) =>
        insert
            .Bind(1, saleNo)
            .Bind(2, row.First)
            .Bind(3, row.Count)
            .Bind(4, (long)row.Kind)
            .Bind(5, row.At.ToUnixTimeMilliseconds())
            .Bind(6, row.OrderNo)
            .Bind(7, row.OrderRevision)
            .Bind(8, row.PaymentNo)
            .Bind(9, row.SaleRevision)
            .Bind(10, row.Quantity)
            .Run();
}

/// <summary>One row of transitions.</summary>
/// <param name="First">The number of the first of them.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Count">
/// How many; more than one only where the same happened in one transaction to orders whose rows follow each other.
/// </param>
/// <param name="OrderNo">The row of the first order.</param>
/// <param name="OrderRevision">Its revision afterwards.</param>
/// <param name="PaymentNo">The payment's row.</param>
/// <param name="SaleRevision">The sale's revision afterwards.</param>
/// <param name="Quantity">Units it is about, where that is not the order's to say.</param>
internal readonly record struct EventRow(
    long First,
    EventKind Kind,
    DateTimeOffset At,
    int Count = 1,
    long? OrderNo = null,
    int OrderRevision = 0,
    long? PaymentNo = null,
    long SaleRevision = 0,
    int Quantity = 0)
{
    /// <summary>
    /// Whether another row says the same of the orders behind this row's, so that one row says it of all.
    /// </summary>
    public bool IsContinuedBy(in EventRow next) =>
        PaymentNo is null && next.OrderNo == OrderNo + Count
        && next with { First = First, Count = Count, OrderNo = OrderNo } == this;
}
