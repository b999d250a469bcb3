using Doorbuster.Payments;
using Doorbuster.Reconciliation;

namespace Doorbuster.Simulation.Http;

/// <summary>An order as an answer shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="Amount">What it costs.</param>
/// <param name="Status">Where it is.</param>
/// <param name="Revision">Grows with each transition.</param>
/// <param name="ExpiresAt">When its payment window ends.</param>
/// <param name="Payment">The payment that it shows.</param>
/// <param name="Reason">Why it was rejected; null unless it was.</param>
internal sealed record OrderSheet(
    OrderId Id, int Quantity, Money Amount, OrderStatus Status, int Revision, DateTimeOffset ExpiresAt,
    PaymentId? Payment, RejectionReason? Reason)
{
    public static OrderSheet Of(Order order) => new(
        order.Id, order.Quantity, order.Amount, order.Status, order.Revision, order.ExpiresAt, order.Payment?.Id,
        order.Rejection);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Short(Id)}: {Status}{(Reason is null ? "" : $" ({Reason})")}, revision {Revision}, {Quantity} units";

    /// <summary>Enough of an order's id to tell it from the others of a short trace.</summary>
    public static string Short(OrderId id)
    {
        var text = id.ToString();
        return $"order {text[..^21]}";
    }
}

/// <summary>A sale as an answer shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Quantity">Its units in all.</param>
/// <param name="Available">Units that can be bought.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Revision">Grows with each change by an operator.</param>
internal sealed record SaleSheet(SaleId Id, int Quantity, long Available, SaleState State, long Revision);

/// <summary>What the server answers, or what of it the contract names.</summary>
/// <param name="Status">The status.</param>
/// <param name="Problem">The name of the problem; null where there is none.</param>
internal sealed record Reply(int Status, string? Problem = null)
{
    public OrderSheet? Order { get; init; }

    /// <summary>The order that a claim became, which the store could not keep.</summary>
    public OrderSheet? Rejected { get; init; }

    public IReadOnlyList<OrderId>? Orders { get; init; }

    public SaleSheet? Sale { get; init; }

    public string? Token { get; init; }

    public DateTimeOffset TokenExpiresAt { get; init; }

    public PaymentId? Payment { get; init; }

    public OrderStatus? OrderStatus { get; init; }

    public long? Available { get; init; }

    public AuditReport? Audit { get; init; }

    public IReadOnlyList<long>? Events { get; init; }

    /// <summary>What a trace says of an answer that may not have come.</summary>
    public static string Text(Reply? reply) => reply?.ToString() ?? "nothing";

    /// <summary>Whether nothing is known after it, so that the same request is made again.</summary>
    public bool SaysNothing => Status == 503;

    /// <inheritdoc/>
    public override string ToString() => Order is not null ? $"{Status} {Order}"
        : Rejected is not null ? $"{Status} {Problem}, {Rejected}"
        : Audit is not null ? $"{Status}, {(Audit.LawHolds ? "the law holds" : string.Join("; ", Audit.Differences))}"
        : Sale is not null ? $"{Status} {Sale.State}, {Sale.Quantity} units, revision {Sale.Revision}"
        : Payment is not null ? $"{Status} payment {Payment.Value.ToString()[^1]}"
        : OrderStatus is not null ? $"{Status} {Problem}, it is {OrderStatus}"
        : $"{Status} {Problem}";
}
