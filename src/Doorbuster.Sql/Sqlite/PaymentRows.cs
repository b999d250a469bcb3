using Doorbuster.Payments;

namespace Doorbuster.Sql.Sqlite;

/// <summary>How a payment is a row, and a row a payment.</summary>
internal static class PaymentRows
{
    public const string Columns =
        """
        p.id, p.order_id, p.amount, p.currency, p.state, p.created_at_ms, p.captured_at_ms, p.checkout_url, p.reviving,
        p.refund_reason
        """;

    public const string SelectByOrder =
        $"""
        SELECT p.no, p.order_no, {Columns} FROM payments AS p
        WHERE p.order_no = ?1 AND p.attempt = ?2 AND p.attempt > 0
        """;

    public const string SelectByForeignId =
        $"SELECT p.no, p.order_no, {Columns} FROM payments AS p WHERE p.id = ?1 AND p.attempt = 0";

    public const string SelectUnsettled =
        $"""
        SELECT p.no, p.order_no, {Columns} FROM payments AS p
        WHERE (p.state = 3 OR p.reviving IS NOT NULL) AND p.no > ?1 ORDER BY p.no LIMIT ?2
        """;

    /// <summary>Where the payment's own columns begin in these selects.</summary>
    public const int First = 2;

    public const string Insert =
        """
        INSERT INTO payments (no, id, order_id, order_no, attempt, amount, currency, state, created_at_ms,
                              captured_at_ms, checkout_url, reviving, refund_reason)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """;

    public const string Update =
        """
        UPDATE payments
        SET amount = ?3, currency = ?4, state = ?5, captured_at_ms = ?6, checkout_url = ?7, reviving = ?8,
            refund_reason = ?9
        WHERE no = ?1 AND state = ?2
        """;

    public static void WriteNew(Statement insert, long no, long? orderNo, int attempt, Payment payment) =>
        insert
            .Bind(1, no)
            .BindText(2, payment.Id.ToString())
            .BindText(3, payment.OrderId)
            .Bind(4, orderNo)
            .Bind(5, attempt)
            .Bind(6, payment.Amount.Amount)
            .BindText(7, payment.Amount.Currency)
            .Bind(8, (long)payment.State)
            .Bind(9, payment.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(10, payment.CapturedAt?.ToUnixTimeMilliseconds())
            .BindText(11, payment.CheckoutUrl?.OriginalString)
            .Bind(12, (long?)payment.Reviving)
            .Bind(13, (long?)payment.RefundReason)
            .Run();

    public static void WriteChange(Statement update, long no, PaymentState before, Payment payment) =>
        update
            .Bind(1, no)
            .Bind(2, (long)before)
            .Bind(3, payment.Amount.Amount)
            .BindText(4, payment.Amount.Currency)
            .Bind(5, (long)payment.State)
            .Bind(6, payment.CapturedAt?.ToUnixTimeMilliseconds())
            .BindText(7, payment.CheckoutUrl?.OriginalString)
            .Bind(8, (long?)payment.Reviving)
            .Bind(9, (long?)payment.RefundReason)
            .Run();

    public static Payment Read(Statement row, int first) =>
        new(
            PaymentId.TryParse(row.GetText(first), out var id)
                ? id
                : throw new InvalidDataException("A payment in the store has an id that is not a payment id."),
            row.GetText(first + 1),
            new Money(row.GetInt64(first + 2), row.GetText(first + 3)),
            (PaymentState)row.GetInt64(first + 4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 5)))
        {
            CapturedAt = row.GetTime(first + 6),
            CheckoutUrl = row.GetNullableText(first + 7) is { } url ? new Uri(url) : null,
            Reviving = (int?)row.GetNullableInt64(first + 8),
            RefundReason = (RefundReason?)row.GetNullableInt64(first + 9),
        };
}
