using Doorbuster.Payments;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;

namespace Doorbuster.Simulation.Law;

/// <summary>
/// I5: a captured payment belongs to exactly one paid order, or is refunded exactly once. It holds the shop's payments
/// against its orders after every step, and against the provider's book.
/// </summary>
internal sealed class MoneyAudit(Auditor auditor, DurableStore store, Trace trace)
{
    private const string Law = "I5 money and orders agree";

    private readonly List<Payment> _seen = [];

    /// <summary>The provider, whose book is the truth about money.</summary>
    public Provider? Provider { get; set; }

    /// <summary>Looks at what has changed of payments, and at what orders say of them.</summary>
    public void Look()
    {
        for (var i = 0; i < store.Payments.Count; i++)
        {
            var payment = store.Payments[i];
            if (i == _seen.Count)
            {
                _seen.Add(payment);
                Check(null, payment);
            }
            else if (!ReferenceEquals(payment, _seen[i]))
            {
                var before = _seen[i];
                _seen[i] = payment;
                Check(before, payment);
            }
        }
    }

    /// <summary>The shop asks for money to be given back.</summary>
    public void RefundAsked(Account? account, Payment payment)
    {
        if (account is null || account.Amount != payment.Amount)
        {
            auditor.Break(Law, $"{Provider.Short(payment.Id)} is to go back: {payment.Amount}, which was not taken.");
        }
        else if (store.Find(payment.Id)?.State is not (PaymentState.RefundDue or PaymentState.Refunded))
        {
            auditor.Break(Law, $"{Provider.Short(payment.Id)} is given back, and the shop has it as kept.");
        }
        else if (account.IsGivenBack)
        {
            auditor.Reach(Branch.RefundAskedAgain);
        }
    }

    /// <summary>An event of the provider was answered.</summary>
    public void EventAnswered(string type, Account account, bool isAltered, Reply? reply)
    {
        switch (reply?.Status)
        {
            case 200 when isAltered:
                auditor.Break(Law, $"An altered event about {Provider.Short(account.Payment)} was accepted.");
                break;
            case 200:
                account.IsTold |= type == "payment.captured";
                if (type == "payment.captured" && store.Find(account.Payment) is not { IsCaptured: true })
                {
                    auditor.Break(Law, $"The news that {Provider.Short(account.Payment)} was taken is forgotten.");
                }

                break;
            case 401:
                auditor.Reach(isAltered ? Branch.AlteredEventRefused : Branch.StaleEventRefused);
                break;
        }
    }

    /// <summary>A forged event was answered.</summary>
    public void ForgedEventAnswered(Reply? reply)
    {
        if (reply?.Status == 200)
        {
            auditor.Break(Law, "A forged event was accepted.");
        }
        else if (reply?.Status == 401)
        {
            auditor.Reach(Branch.ForgedEventRefused);
        }
    }

    /// <summary>At rest every coin is accounted for: what was taken pays an order, or went back.</summary>
    public void CheckAtRest()
    {
        foreach (var account in Provider!.Accounts)
        {
            var payment = store.Find(account.Payment);
            var order = auditor.Truth.Find(account.Order)?.Row;
            var pays = order is { Status: OrderStatus.Paid } && order.Payment?.Id == account.Payment;
            if (payment is null || pays == account.IsGivenBack
                || payment.State != (pays ? PaymentState.Captured : PaymentState.Refunded))
            {
                auditor.Break(
                    Law,
                    $"{Provider.Short(account.Payment)} was taken, {(account.IsGivenBack ? "" : "not ")}given back, "
                    + $"pays {(pays ? "its order" : "nothing")}, and is {payment?.State.ToString() ?? "unknown"}.");
            }
        }
    }

    private void Check(Payment? before, Payment payment)
    {
        trace.Add(
            "store",
            $"{Provider.Short(payment.Id)} is {payment.State}"
            + $"{(payment.Reviving is null ? "" : ", and asks for units")}");
        if (payment.IsCaptured && Provider!.Find(payment.Id) is var account && account?.Amount != payment.Amount)
        {
            auditor.Break(
                Law, $"{Provider.Short(payment.Id)} was captured with {payment.Amount}, and {account?.Amount} taken.");
        }

        var isLegal = before is null || before.State == payment.State || (before.State, payment.State) is
            (PaymentState.Created or PaymentState.Failed, not PaymentState.Created and not PaymentState.Refunded)
            or (PaymentState.Captured, PaymentState.RefundDue) or (PaymentState.RefundDue, PaymentState.Refunded);
        if (!isLegal)
        {
            auditor.Break(Law, $"{Provider.Short(payment.Id)} went from {before!.State} to {payment.State}.");
        }

        CheckOrder(payment);
        if (payment.State == PaymentState.RefundDue && before?.State != PaymentState.RefundDue)
        {
            auditor.Reach(payment.RefundReason switch
            {
                RefundReason.OrderUnknown => Branch.RefundedUnknownOrder,
                RefundReason.AmountDiffers => Branch.RefundedAmount,
                RefundReason.OrderCancelled => Branch.RefundedCancelled,
                RefundReason.AlreadyPaid => Branch.RefundedAlreadyPaid,
                RefundReason.NoUnitsLeft => Branch.RefundedNoUnits,
                RefundReason.OrderRejected => Branch.RefundedRejected,
                RefundReason.Failed => Branch.RefundedFailed,
                _ => Branch.RefundedLimit,
            });
        }
    }

    /// <summary>Money that is kept pays exactly one order, and money that goes back pays none.</summary>
    private void CheckOrder(Payment payment)
    {
        var order = OrderId.TryParse(payment.OrderId, out var id) ? auditor.Truth.Find(id)?.Row : null;
        var pays = order is { Status: OrderStatus.Paid } && order.Payment?.Id == payment.Id;
        var isKept = payment is { State: PaymentState.Captured, Reviving: null };
        if (pays != isKept || (pays && order!.Amount != payment.Amount))
        {
            auditor.Break(
                Law,
                $"{Provider.Short(payment.Id)} of {payment.Amount} is {payment.State}"
                + $"{(payment.Reviving is null ? "" : ", asks for units")}, and its order is {order?.Status}.");
        }
    }
}
