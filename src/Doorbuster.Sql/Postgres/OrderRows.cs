using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How orders are rows, and a row an order.</summary>
/// <remarks>
/// Rows of a batch are looked up one by one, by an index: a subquery with OFFSET 0 leaves the planner no other way. Of
/// a join it might make a pass over the whole table for each row, because the table was empty when it planned.
/// </remarks>
internal static class OrderRows
{
    /// <summary>New orders, all of a batch at once.</summary>
    public const string Insert =
        """
        INSERT INTO orders (sale_no, key, place, buyer, quantity, amount, status, revision, created_at, reserved_at,
                            expires_at)
        SELECT n.sale_no, n.key, n.place, n.buyer, n.quantity, n.amount, 1, n.revision, n.created_at, n.reserved_at,
               n.expires_at
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             AS n (sale_no, key, place, buyer, quantity, amount, revision, created_at, reserved_at, expires_at)
        """;

    /// <summary>Rejected ones, which were never reserved and hold nothing.</summary>
    public const string InsertRejected =
        """
        INSERT INTO orders (sale_no, key, place, buyer, quantity, amount, status, revision, created_at, rejection)
        SELECT n.sale_no, n.key, n.place, n.buyer, n.quantity, n.amount, 5, 1, n.created_at, n.rejection
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
             AS n (sale_no, key, place, buyer, quantity, amount, created_at, rejection)
        """;

    /// <summary>What buyers hold now who surely have no row yet, a row each.</summary>
    public const string InsertHolders =
        """
        INSERT INTO holdings (sale_no, buyer, quantity, at_most)
        SELECT n.sale_no, n.buyer, n.quantity, n.at_most
        FROM unnest($1, $2, $3, $4) AS n (sale_no, buyer, quantity, at_most)
        """;

    /// <summary>What those orders' buyers hold now, whether they have a row or not.</summary>
    public const string InsertHoldings =
        """
        INSERT INTO holdings (sale_no, buyer, quantity, at_most)
        SELECT n.sale_no, n.buyer, n.quantity, n.at_most
        FROM unnest($1, $2, $3, $4) AS n (sale_no, buyer, quantity, at_most)
        ON CONFLICT (sale_no, buyer)
        DO UPDATE SET quantity = holdings.quantity + excluded.quantity, at_most = excluded.at_most
        """;

    /// <summary>What buyers hold more, or less: those that have a row already.</summary>
    public const string UpdateHoldings =
        """
        UPDATE holdings SET quantity = holdings.quantity + c.quantity
        FROM (SELECT sale_no, buyer, sum(quantity) AS quantity
              FROM unnest($1, $2, $3) AS c (sale_no, buyer, quantity) GROUP BY sale_no, buyer) AS c
             CROSS JOIN LATERAL (
                 SELECT ctid AS place FROM holdings AS h
                 WHERE h.sale_no = c.sale_no AND h.buyer = c.buyer OFFSET 0) AS at
        WHERE holdings.ctid = at.place
        """;

    /// <summary>Their reservations, as transitions whose numbers are the orders' places.</summary>
    public const string InsertReservations =
        """
        INSERT INTO events (sale_no, no, kind, at, order_key, order_revision, sale_revision, quantity)
        SELECT n.sale_no, n.place, 1, n.reserved_at, n.key, n.revision, 0, n.quantity
        FROM unnest($1, $2, $3, $4, $5, $6) AS n (sale_no, place, reserved_at, key, revision, quantity)
        """;

    /// <summary>The compare-and-set of every transition: a row is as it was read, or nothing is written.</summary>
    public const string Update =
        """
        UPDATE orders
        SET status = c.status, revision = c.revision, turn = c.turn, paid_at = c.paid_at, payment_no = c.payment_no
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
             AS c (sale_no, key, before, status, revision, turn, paid_at, payment_no)
             CROSS JOIN LATERAL (
                 SELECT ctid AS place FROM orders AS o
                 WHERE o.sale_no = c.sale_no AND o.key = c.key AND o.revision = c.before OFFSET 0) AS at
        WHERE orders.ctid = at.place
        """;

    /// <summary>Orders by their ids, in the order of the ids.</summary>
    public const string SelectByIds =
        $"""
        SELECT {Columns}
        FROM unnest($1, $2) WITH ORDINALITY AS q (sale, key, at)
             CROSS JOIN LATERAL (SELECT no, id, price_currency FROM sales WHERE id = q.sale OFFSET 0) AS s
             CROSS JOIN LATERAL (SELECT * FROM orders WHERE sale_no = s.no AND key = q.key OFFSET 0) AS o
             LEFT JOIN LATERAL (SELECT * FROM payments WHERE no = o.payment_no OFFSET 0) AS p ON true
        ORDER BY q.at
        """;

    /// <summary>What these buyers hold in all.</summary>
    public const string SelectHeld =
        """
        SELECT h.sale_no, h.buyer, h.quantity
        FROM unnest($1, $2) AS q (sale, buyer)
             CROSS JOIN LATERAL (SELECT no FROM sales WHERE id = q.sale OFFSET 0) AS s
             CROSS JOIN LATERAL (SELECT * FROM holdings WHERE sale_no = s.no AND buyer = q.buyer OFFSET 0) AS h
        """;

    /// <summary>What gates and audits need of every order.</summary>
    public const string SelectHoldings = "SELECT sale_no, key, buyer, quantity, status, turn FROM orders";

    private const string Columns =
        $"""
        s.id, o.key, o.buyer, o.quantity, o.amount, s.price_currency, o.status, o.revision, o.created_at, o.reserved_at,
        o.expires_at, o.turn, o.paid_at, o.payment_no, o.rejection, {PaymentRows.Columns}
        """;

    private const int PaymentNo = 13;
    private const int Rejection = 14;
    private const int FirstOfPayment = 15;

    public static Order Read(NpgsqlDataReader row) =>
        new(
            new OrderId(SaleId.Parse(row.GetString(0)), ReadKey(row, 1)),
            ReadBuyer(row, 2),
            row.GetInt32(3),
            new Money(row.GetInt64(4), row.GetString(5)),
            (OrderStatus)row.GetInt16(6),
            row.GetInt32(7),
            row.GetTime(8),
            row.GetTime(row.IsDBNull(9) ? 8 : 9),
            row.GetTime(row.IsDBNull(10) ? 8 : 10))
        {
            Rejection = row.IsDBNull(Rejection) ? null : (RejectionReason)row.GetInt16(Rejection),
            Turn = row.GetInt32(11),
            PaidAt = row.IsDBNull(12) ? null : row.GetTime(12),
            Payment = row.IsDBNull(PaymentNo) ? null : PaymentRows.Read(row, FirstOfPayment),
        };

    /// <summary>The row of the payment that the order shows; null where there is none.</summary>
    public static long? ReadPaymentNo(NpgsqlDataReader row) =>
        row.IsDBNull(PaymentNo) ? null : row.GetInt64(PaymentNo);

    /// <summary>Units an order of this status holds.</summary>
    public static int Held(OrderStatus status, int quantity) =>
        status is OrderStatus.Reserved or OrderStatus.Paid ? quantity : 0;

    public static OrderKey ReadKey(NpgsqlDataReader row, int column) => Parameters.ToKey(row.GetGuid(column));

    /// <exception cref="InvalidDataException">The row's buyer is none that this program wrote.</exception>
    public static BuyerId ReadBuyer(NpgsqlDataReader row, int column) =>
        BuyerId.TryParse(row.GetString(column), out var buyer)
            ? buyer
            : throw new InvalidDataException("An order in the store has a buyer that is not a buyer id.");

    /// <summary>The two parameters of <see cref="SelectByIds"/>.</summary>
    public static NpgsqlParameter[] OfIds(IReadOnlyCollection<OrderId> ids) =>
    [
        Parameters.Of([.. ids.Select(id => (string?)id.Sale.ToString())]),
        Parameters.Of([.. ids.Select(id => Parameters.ToGuid(id.Key))]),
    ];
}
