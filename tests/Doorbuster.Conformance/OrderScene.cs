using System.Globalization;
using System.Text.RegularExpressions;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Conformance;

/// <summary>Reads what the rows of an <see cref="OrderTable"/> ask, and writes what is told in their words.</summary>
/// <param name="table">The table, which names the orders.</param>
public sealed class OrderScene(OrderTable table)
{
    /// <summary>The sale that the orders belong to.</summary>
    public static readonly Sale Sale = Samples.Sale(limit: 8, quantity: 80);

    private static readonly Dictionary<string, RefundReason> Reasons = new(StringComparer.Ordinal)
    {
        ["order unknown"] = RefundReason.OrderUnknown,
        ["amount differs"] = RefundReason.AmountDiffers,
        ["order cancelled"] = RefundReason.OrderCancelled,
        ["already paid"] = RefundReason.AlreadyPaid,
        ["no units left"] = RefundReason.NoUnitsLeft,
        ["buyer limit"] = RefundReason.BuyerLimit,
    };

    /// <summary>Made here and not by a generator: the simulation compiles this project, and runs none.</summary>
    private static readonly Regex OurName = new(
        @"\A(?<elsewhere>x/)?(?<buyer>[a-z]+)/(?<attempt>[0-9]+)\z", RegexOptions.CultureInvariant);

    private static readonly SaleId Elsewhere = SaleId.Parse("elsewhere");

    /// <summary>The orders, reserved.</summary>
    public IReadOnlyList<Order> Orders { get; } =
    [
        .. table.Orders.Select(row => Samples.Order(Sale, row.Buyer) with
        {
            Amount = row.Amount,
            ExpiresAt = row.ExpiresAt,
        }),
    ];

    /// <summary>An amount, <c>1999 EUR</c>.</summary>
    public static Money Money(string amount, string currency) =>
        new(long.Parse(amount, CultureInfo.InvariantCulture), currency);

    /// <summary>The word for a reason.</summary>
    public static string Word(RefundReason reason) => Reasons.Single(pair => pair.Value == reason).Key;

    /// <summary>
    /// What a row asks; null where it says that the gate has the units for late money, which is no command.
    /// </summary>
    public OrderCommand? CommandOf(CommandRow row)
    {
        var words = row.Asked.Split(' ');
        return words switch
        {
            [var order, "cancels"] => new OrderCommand.Cancel(IdOf(order)),
            [var order, "expires"] => new OrderCommand.Expire(IdOf(order)),
            [var order, "wants", "to", "pay"] => new OrderCommand.OpenPayment(IdOf(order)),
            [var payment, "is", "paid", "at", var url] => new OrderCommand.NoteCheckout(PaymentOf(payment), new(url)),
            [var amount, var currency, "for", var order, "by", var payment] =>
                new OrderCommand.Capture(PaymentOf(payment), TextOf(order), Money(amount, currency)),
            [var payment, "fails"] => new OrderCommand.Fail(PaymentOf(payment)),
            [var payment, "went", "back"] => new OrderCommand.NoteRefund(PaymentOf(payment)),
            ["units", "for", _] => null,
            [.. var reason, "for", var payment] =>
                new OrderCommand.RefuseRevival(PaymentOf(payment), Reasons[string.Join(' ', reason)]),
            _ => throw OrderTable.NotA(row.Asked, "who asks what"),
        };
    }

    /// <summary>The payment for which a row says that the gate has the units.</summary>
    public PaymentId RevivedBy(CommandRow row) => PaymentOf(row.Asked.Split(' ')[^1]);

    /// <summary>A row as it was told.</summary>
    public CommandRow Told(CommandRow row, OrderAnswer answer) => row with
    {
        Told = answer.Outcome.ToString().ToLowerInvariant(),
        Order = Write(answer.Order),
        Payment = Write(answer.Payment),
    };

    private string Write(Order? order)
    {
        if (order is null)
        {
            return "-";
        }

        var turn = order.Turn > 0 ? $" t{order.Turn}" : "";
        var shown = order.Payment is { } payment ? $" ({Name(payment.Id)})" : "";
        return $"{order.Buyer} {Lower(order.Status)} r{order.Revision}{turn}{shown}";
    }

    private string Write(Payment? payment) => payment switch
    {
        null => "-",
        { Reviving: { } turn } => $"{Name(payment.Id)} {Lower(payment.State)} asks t{turn}",
        { State: PaymentState.RefundDue, RefundReason: { } reason } =>
            $"{Name(payment.Id)} due {payment.Amount.Amount} {payment.Amount.Currency}, {Word(reason)}",
        _ => $"{Name(payment.Id)} {Lower(payment.State)}",
    };

    private static string Lower<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private OrderId IdOf(string buyer) =>
        Orders.FirstOrDefault(order => order.Buyer.ToString() == buyer)?.Id ?? Samples.Claim(Sale, buyer).Order;

    /// <summary>An order as a provider names it; what is in quotation marks is no order id at all.</summary>
    private string TextOf(string buyer) => buyer.StartsWith('\'') ? buyer.Trim('\'') : IdOf(buyer).ToString();

    private PaymentId PaymentOf(string name)
    {
        if (OurName.Match(name) is { Success: true } ours)
        {
            var attempt = int.Parse(ours.Groups["attempt"].ValueSpan, CultureInfo.InvariantCulture);
            var order = IdOf(ours.Groups["buyer"].Value);
            return PaymentId.Of(
                ours.Groups["elsewhere"].Success ? order with { Sale = Elsewhere } : order, attempt);
        }

        return PaymentId.TryParse(name, out var id) ? id : throw new FormatException($"'{name}' names no payment.");
    }

    private string Name(PaymentId id) =>
        id.TryRead(out var order, out var attempt)
            ? (order.Sale == Elsewhere ? "x/" : "")
                + $"{Orders.Single(known => known.Id.Key == order.Key).Buyer}/{attempt}"
            : id.ToString();
}
