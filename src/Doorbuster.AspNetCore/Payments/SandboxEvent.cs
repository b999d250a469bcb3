using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>One event that the sandbox sends.</summary>
/// <param name="Message">What it says.</param>
/// <param name="IsForged">Whether it is changed after it was signed.</param>
/// <param name="IsStale">Whether it was signed long ago.</param>
internal sealed record SandboxEvent(SignedMessage Message, bool IsForged = false, bool IsStale = false);

/// <summary>Makes the events of a payment, true ones and others, in the order in which they are sent.</summary>
/// <param name="clock">When things happen.</param>
/// <param name="random">Where event ids come from.</param>
internal sealed class SandboxEvents(TimeProvider clock, RandomSource random)
{
    private const int IdLength = 24;
    private const string Captured = "payment.captured";
    private const string Failed = "payment.failed";
    private const string Refunded = "payment.refunded";

    /// <summary>What is told of a payment that a buyer paid or declined.</summary>
    public IReadOnlyList<SandboxEvent> Of(SandboxPayment payment, SandboxPlan plan)
    {
        var events = new List<SandboxEvent>();
        if (plan.IsPaid)
        {
            AddCapture(events, payment, plan);
            if (plan.Twice && PaymentId.TryParse($"second_{payment.Id}", out var second))
            {
                AddCapture(events, payment with { Id = second }, plan);
            }
        }

        if (!plan.IsPaid || plan.Reorder)
        {
            AddRepeatedly(events, plan, () => new SandboxEvent(MessageOf(Failed, payment)));
        }

        return events;
    }

    /// <summary>What is told of a payment that was given back.</summary>
    public IReadOnlyList<SandboxEvent> OfRefund(SandboxPayment payment, SandboxPlan plan)
    {
        var events = new List<SandboxEvent>();
        AddRepeatedly(events, plan, () => new SandboxEvent(MessageOf(Refunded, payment)));
        return events;
    }

    private void AddCapture(List<SandboxEvent> events, SandboxPayment payment, SandboxPlan plan)
    {
        var told = plan.Alter switch
        {
            SandboxAlteration.Amount => payment with { Amount = payment.Amount with { Amount = OtherAmount(payment) } },
            SandboxAlteration.Currency => payment with
            {
                Amount = payment.Amount with { Currency = payment.Amount.Currency == "XTS" ? "XXX" : "XTS" },
            },
            SandboxAlteration.Order => payment with { OrderId = $"no-{payment.OrderId}" },
            _ => payment,
        };
        AddRepeatedly(events, plan, () => new SandboxEvent(
            MessageOf(Captured, told),
            IsForged: plan.Alter == SandboxAlteration.Signature,
            IsStale: plan.Alter == SandboxAlteration.Time));
    }

    private static long OtherAmount(SandboxPayment payment) =>
        payment.Amount.Amount > 0 ? payment.Amount.Amount - 1 : 1;

    private static void AddRepeatedly(List<SandboxEvent> events, SandboxPlan plan, Func<SandboxEvent> make)
    {
        for (var i = 0; i <= plan.Repeat; i++)
        {
            events.Add(make());
        }
    }

    private SignedMessage MessageOf(string type, SandboxPayment payment) =>
        SignedMessage.Of($"evt_{random.Name(IdLength)}", type, clock.GetUtcNow(), json => Write(json, payment));

    private static void Write(Utf8JsonWriter json, SandboxPayment payment)
    {
        json.WriteString("paymentId"u8, payment.Id.ToString());
        json.WriteString("orderId"u8, payment.OrderId);
        MoneyJson.Write(json, "amount"u8, payment.Amount);
    }
}
