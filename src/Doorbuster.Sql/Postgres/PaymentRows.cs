using Doorbuster.Payments;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How payments are rows, and a row a payment.</summary>
internal static class PaymentRows
{
    public const string Columns =
        """
        p.id, p.order_id, p.amount, p.currency, p.state, p.created_at, p.captured_at, p.checkout_url, p.reviving,
        p.refund_reason
        """;

    /// <summary>Payments by their names, locked: those of no order have no sale whose row stands for them.</summary>
    public const string LockByIds = $"SELECT p.no, {Columns} FROM payments AS p WHERE p.id = ANY($1) FOR UPDATE";

    /// <summary>Payments whose names are orders' own: the order's id, a dot, and anything.</summary>
    public const string SelectByOrders =
        $"""
        SELECT p.no, {Columns}
        FROM unnest($1) AS o (id)
             CROSS JOIN LATERAL (
                 SELECT * FROM payments WHERE id > o.id || '.' AND id < o.id || '/' OFFSET 0) AS p
        """;

    /// <summary>Which orders payments are of, as whoever reported them wrote it.</summary>
    public const string SelectOrderIds = "SELECT id, order_id FROM payments WHERE id = ANY($1)";

    public const string SelectUnsettled =
        $"""
        SELECT p.no, {Columns} FROM payments AS p
        WHERE (p.state = 3 OR p.reviving IS NOT NULL) AND p.no > $1 ORDER BY p.no LIMIT $2
        """;

    /// <summary>Where the payment's own columns begin in these selects.</summary>
    public const int First = 1;

    /// <summary>Numbers for payments that may be new; what is not used is a gap, which hurts nobody.</summary>
    public const string DrawNumbers =
        "SELECT nextval(pg_get_serial_sequence('payments', 'no')) FROM generate_series(1, $1)";

    public const string Insert =
        """
        INSERT INTO payments (no, id, order_id, amount, currency, state, created_at, captured_at, checkout_url,
                              reviving, refund_reason)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    public const string Update =
        """
        UPDATE payments
        SET amount = c.amount, currency = c.currency, state = c.state, captured_at = c.captured_at,
            checkout_url = c.checkout_url, reviving = c.reviving, refund_reason = c.refund_reason
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
             AS c (no, before, amount, currency, state, captured_at, checkout_url, reviving, refund_reason)
             CROSS JOIN LATERAL (
                 SELECT ctid AS place FROM payments AS p WHERE p.no = c.no AND p.state = c.before OFFSET 0) AS at
        WHERE payments.ctid = at.place
        """;

    public static NpgsqlParameter[] OfNew(IReadOnlyList<(long No, Payment Payment)> payments) =>
    [
        Parameters.Of([.. payments.Select(p => p.No)]),
        Parameters.Of([.. payments.Select(p => (string?)p.Payment.Id.ToString())]),
        Parameters.Of([.. payments.Select(p => (string?)p.Payment.OrderId)]),
        Parameters.Of([.. payments.Select(p => p.Payment.Amount.Amount)]),
        Parameters.Of([.. payments.Select(p => (string?)p.Payment.Amount.Currency)]),
        Parameters.Of([.. payments.Select(p => (short)p.Payment.State)]),
        Parameters.Of([.. payments.Select(p => p.Payment.CreatedAt.UtcDateTime)]),
        .. OfMutable([.. payments.Select(p => p.Payment)]),
    ];

    public static NpgsqlParameter[] OfChanged(
        IReadOnlyList<(long No, PaymentState Before, Payment Payment)> payments) =>
    [
        Parameters.Of([.. payments.Select(p => p.No)]),
        Parameters.Of([.. payments.Select(p => (short)p.Before)]),
        Parameters.Of([.. payments.Select(p => p.Payment.Amount.Amount)]),
        Parameters.Of([.. payments.Select(p => (string?)p.Payment.Amount.Currency)]),
        Parameters.Of([.. payments.Select(p => (short)p.Payment.State)]),
        .. OfMutable([.. payments.Select(p => p.Payment)]),
    ];

    public static Payment Read(NpgsqlDataReader row, int first) =>
        new(
            PaymentId.TryParse(row.GetString(first), out var id)
                ? id
                : throw new InvalidDataException("A payment in the store has an id that is not a payment id."),
            row.GetString(first + 1),
            new Money(row.GetInt64(first + 2), row.GetString(first + 3)),
            (PaymentState)row.GetInt16(first + 4),
            row.GetTime(first + 5))
        {
            CapturedAt = row.IsDBNull(first + 6) ? null : row.GetTime(first + 6),
            CheckoutUrl = row.IsDBNull(first + 7) ? null : new Uri(row.GetString(first + 7)),
            Reviving = row.IsDBNull(first + 8) ? null : row.GetInt32(first + 8),
            RefundReason = row.IsDBNull(first + 9) ? null : (RefundReason)row.GetInt16(first + 9),
        };

    private static NpgsqlParameter[] OfMutable(Payment[] payments) =>
    [
        Parameters.Of([.. payments.Select(p => p.CapturedAt?.UtcDateTime)]),
        Parameters.Of([.. payments.Select(p => p.CheckoutUrl?.OriginalString)]),
        Parameters.Of([.. payments.Select(p => p.Reviving)]),
        Parameters.Of([.. payments.Select(p => (short?)p.RefundReason)]),
    ];
}
