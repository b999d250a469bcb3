using System.Buffers.Binary;

namespace Doorbuster.Sql.Sqlite;

/// <summary>How an order is a row, and a row an order.</summary>
internal static class OrderRows
{
    public const string Insert =
        """
        INSERT INTO orders (no, sale_no, key, buyer, quantity, amount, status, revision,
                            created_at_ms, reserved_at_ms, expires_at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    /// <summary>The compare-and-set of every transition: the row is as it was read, or nothing is written.</summary>
    public const string Update =
        """
        UPDATE orders
        SET status = ?4, revision = ?5, turn = ?6, paid_at_ms = ?7, payment_no = ?8
        WHERE no = ?1 AND status = ?2 AND revision = ?3
        """;

    /// <summary>The compare-and-set of orders that take the same step and whose rows follow each other.</summary>
    public const string UpdateRange =
        """
        UPDATE orders SET status = ?3, revision = ?4 WHERE no BETWEEN ?1 AND ?2 AND status = ?5 AND revision = ?6
        """;

    public const string SelectByRow = $"{Select} WHERE o.no = ?1";

    /// <summary>The orders of rows that follow each other, in that order.</summary>
    public const string SelectRange = $"{Select} WHERE o.no BETWEEN ?1 AND ?2 ORDER BY o.no";

    private const string Select =
        $"""
        SELECT s.id, o.key, o.buyer, o.quantity, o.amount, s.price_currency, o.status, o.revision,
               o.created_at_ms, o.reserved_at_ms, o.expires_at_ms, o.turn, o.paid_at_ms, o.payment_no, o.sale_no,
               o.no, {PaymentRows.Columns}
        FROM orders AS o JOIN sales AS s ON s.no = o.sale_no LEFT JOIN payments AS p ON p.no = o.payment_no
        """;

    /// <summary>What gates and audits need of every order, in the order of admission.</summary>
    public const string SelectHoldings =
        "SELECT no, sale_no, key, buyer, quantity, status, turn, expires_at_ms FROM orders";

    private const int KeyBytes = 16;
    private const int PaymentNo = 13;
    private const int SaleNo = 14;
    private const int No = 15;
    private const int FirstOfPayment = 16;

    public static void Write(Statement insert, long row, long saleNo, Order order)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        BinaryPrimitives.WriteUInt64BigEndian(key, order.Id.Key.High);
        BinaryPrimitives.WriteUInt64BigEndian(key[8..], order.Id.Key.Low);
        insert
            .Bind(1, row)
            .Bind(2, saleNo)
            .BindBlob(3, key)
            .BindText(4, order.Buyer.Utf8)
            .Bind(5, order.Quantity)
            .Bind(6, order.Amount.Amount)
            .Bind(7, (long)order.Status)
            .Bind(8, order.Revision)
            .Bind(9, order.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(10, order.ReservedAt.ToUnixTimeMilliseconds())
            .Bind(11, order.ExpiresAt.ToUnixTimeMilliseconds())
            .Run();
    }

    public static Order Read(Statement row) =>
        new(
            new OrderId(SaleId.Parse(row.GetText(0)), ReadKey(row, 1)),
            ReadBuyer(row, 2),
            checked((int)row.GetInt64(3)),
            new Money(row.GetInt64(4), row.GetText(5)),
            (OrderStatus)row.GetInt64(6),
            checked((int)row.GetInt64(7)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)))
        {
            Turn = checked((int)row.GetInt64(11)),
            PaidAt = row.GetTime(12),
            Payment = row.GetNullableInt64(PaymentNo) is null ? null : PaymentRows.Read(row, FirstOfPayment),
        };

    /// <summary>The order's row.</summary>
    public static long ReadNo(Statement row) => row.GetInt64(No);

    /// <summary>The row of the payment that the order shows; null where there is none.</summary>
    public static long? ReadPaymentNo(Statement row) => row.GetNullableInt64(PaymentNo);

    /// <summary>The number of the order's sale.</summary>
    public static long ReadSaleNo(Statement row) => row.GetInt64(SaleNo);

    /// <summary>Units an order of this status holds.</summary>
    public static int Held(OrderStatus status, int quantity) =>
        status is OrderStatus.Reserved or OrderStatus.Paid ? quantity : 0;

    public static OrderKey ReadKey(Statement row, int column)
    {
        var key = row.GetBytes(column);
        return new OrderKey(BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key[8..]));
    }

    /// <exception cref="InvalidDataException">The row's buyer is none that this program wrote.</exception>
    public static BuyerId ReadBuyer(Statement row, int column) =>
        BuyerId.TryParse(row.GetBytes(column), out var buyer)
            ? buyer
            : throw new InvalidDataException("An order in the store has a buyer that is not a buyer id.");
}
