using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Storage;

namespace Doorbuster.Simulation.Law;

/// <summary>
/// I4: a claim that could not be written, and for which the gate of the sale's epoch holds units, is not lost. It may
/// be given up, which is told otherwise.
/// </summary>
internal sealed class LetterAudit(Auditor auditor, DurableStore store)
{
    /// <summary>The claims for which a gate of this epoch holds units, until each has become something.</summary>
    private readonly Dictionary<OrderId, long> _held = [];

    /// <summary>Looks at what has become of claims that were held at the last look.</summary>
    public void Look()
    {
        foreach (var (claim, epoch) in _held)
        {
            if (auditor.Truth.Find(claim)?.Row is { } order)
            {
                _held.Remove(claim);
                Judge(order);
            }
            else if (store.Find(claim.Sale)?.Epoch != epoch)
            {
                _held.Remove(claim);
            }
        }

        foreach (var (id, entry) in store.Letters.Select(letter => (letter.Id, letter.Entry)))
        {
            if (id.Turn == 0 && store.Find(id.Order) is null && store.Find(entry.Sale)?.Epoch == entry.Epoch)
            {
                _held[id.Order] = entry.Epoch;
            }
        }
    }

    private void Judge(Order order)
    {
        if (order.Rejection == RejectionReason.AdmissionLost)
        {
            auditor.Break(
                "I4 what is held for a claim is not lost",
                $"{OrderSheet.Of(order)} of {order.Buyer}, whose claim was a dead letter, and had its units.");
        }
    }
}
