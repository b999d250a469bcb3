using System.Text.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Reads what a payment provider tells, <c>{type, timestamp, data: {paymentId, orderId, amount}}</c>, strictly: a
/// provider that says more, or says it otherwise, means something that nobody here would do.
/// </summary>
internal static class PaymentEventForm
{
    private const int MaxOrderIdLength = 200;
    private const int MaxTypeLength = 100;

    private const string WhatTypes = "payment.captured, payment.failed or payment.refunded.";
    private const string WhatData = "An object with paymentId, orderId and amount.";

    /// <summary>What is to be done about what is told.</summary>
    public static Parsed<OrderCommand> Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);

        // Reading on past the end is how the reader refuses what follows.
        reader.Read();
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Problem.Invalid(JsonPointer.Root, "An object with type, timestamp and data.");
        }

        var errors = new List<FieldError>();
        var command = Read(new JsonForm(document.RootElement, JsonPointer.Root, ["type", "timestamp", "data"], errors));
        return errors.Count == 0 ? command! : Problem.Invalid(errors);
    }

    private static OrderCommand? Read(JsonForm form)
    {
        var type = form.Text("type", MaxTypeLength, isRequired: true);
        form.Time("timestamp", isRequired: true);
        if (form.Form("data", WhatData, ["paymentId", "orderId", "amount"]) is not { } data)
        {
            return null;
        }

        var paymentId = data.Text("paymentId", PaymentId.MaxLength, isRequired: true);
        var orderId = data.Text("orderId", MaxOrderIdLength, isRequired: true);
        var amount = data.Money("amount", long.MaxValue);
        if (!PaymentId.TryParse(paymentId, out var payment) || orderId is null)
        {
            return null;
        }

        switch (type)
        {
            case "payment.captured":
                return new OrderCommand.Capture(payment, orderId, amount);
            case "payment.failed":
                return new OrderCommand.Fail(payment);
            case "payment.refunded":
                return new OrderCommand.NoteRefund(payment);
            case not null:
                form.Refuse("type", WhatTypes);
                return null;
            default:
                return null;
        }
    }
}
