using Doorbuster.Payments;

namespace Doorbuster.Telemetry;

/// <summary>A tag of measurements, with every value that it can have.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Values">
/// Its values; null where they are ids of sales, of which there are at most <see cref="Limits.MeasuredSales"/>.
/// </param>
public sealed record Tag(string Key, IReadOnlyList<string>? Values)
{
    /// <summary>What was decided about a claim.</summary>
    internal static readonly Tag ClaimOutcome = new(
        "doorbuster.claim.outcome",
        [.. Enum.GetValues<Outcome>().Select(value => TagValue.Of(value)), TagValue.OutcomeUnknown]);

    /// <summary>Whose transaction it was.</summary>
    internal static readonly Tag CommitKind = Of<CommitKind>("doorbuster.commit.kind", TagValue.Of);

    /// <summary>How a transaction failed; absent where it did not.</summary>
    internal static readonly Tag ErrorType = new("error.type", [TagValue.NotWritten, TagValue.OutcomeUnknown]);

    /// <summary>The state that an order came into.</summary>
    internal static readonly Tag OrderStatus = Of<OrderStatus>("doorbuster.order.status", TagValue.Of);

    /// <summary>The state that a payment came into.</summary>
    internal static readonly Tag PaymentState = Of<PaymentState>("doorbuster.payment.state", TagValue.Of);

    /// <summary>Why money goes back.</summary>
    internal static readonly Tag RefundReason = Of<RefundReason>("doorbuster.refund.reason", TagValue.Of);

    /// <summary>A sale.</summary>
    internal static readonly Tag Sale = new("doorbuster.sale.id", Values: null);

    /// <summary>Where a sale is in its life.</summary>
    internal static readonly Tag SaleState = Of<SaleState>("doorbuster.sale.state", TagValue.Of);

    private static readonly Dictionary<string, IReadOnlyList<Tag>> ByInstrument = new()
    {
        [ClaimInstruments.Decided] = [ClaimOutcome],
        [CommitInstruments.Duration] = [CommitKind, ErrorType],
        [OrderInstruments.Entered] = [OrderStatus],
        [OrderInstruments.PaymentsEntered] = [PaymentState],
        [OrderInstruments.RefundsDue] = [RefundReason],
        [StockInstruments.Available] = [Sale],
        [StockInstruments.Reserved] = [Sale],
        [StockInstruments.Sold] = [Sale],
        [StockInstruments.Law] = [Sale],
        [StockInstruments.Sales] = [SaleState],
    };

    /// <summary>The tags of an instrument's measurements; a value may be without one that speaks of failure.</summary>
    /// <param name="instrument">The instrument's name.</param>
    public static IReadOnlyList<Tag> OfInstrument(string instrument) => ByInstrument.GetValueOrDefault(instrument, []);

    /// <summary>This tag with one of its values.</summary>
    internal KeyValuePair<string, object?> With(string value) => new(Key, value);

    /// <summary>This tag with each of its values, by the place of the value in its enumeration.</summary>
    internal KeyValuePair<string, object?>[] WithEach() => [.. Values!.Select(With)];

    private static Tag Of<T>(string key, Func<T, string> value)
        where T : struct, Enum => new(key, [.. Enum.GetValues<T>().Select(value)]);
}
