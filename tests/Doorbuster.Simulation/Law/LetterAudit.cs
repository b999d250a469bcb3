using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Storage;

namespace Doorbuster.Simulation.Law;

/// <summary>
/// I4: a claim that could not be written, and for which the gate of the sale's epoch holds units, is not lost. It may
/// be given up, which is told otherwise.
/// </summary>
internal sealed class LetterAudit(Auditor auditor, DurableStore store)
{
    private readonly HashSet<OrderId> _held = [];

    /// <summary>Looks at what has become of claims that were held at the last look.</summary>
    public void Look()
    {
        foreach (var claim in _held)
        {
            if (auditor.Truth.Find(claim)?.Row is { Rejection: RejectionReason.AdmissionLost } order)
            {
                auditor.Break(
                    "I4 what is held for a claim is not lost",
                    $"{OrderSheet.Of(order)} of {order.Buyer}, whose claim was a dead letter, and had its units.");
            }
        }

        _held.Clear();
        foreach (var (id, entry) in store.Letters.Select(letter => (letter.Id, letter.Entry)))
        {
            if (id.Turn == 0 && store.Find(id.Order) is null && store.Find(entry.Sale)?.Epoch == entry.Epoch)
            {
                _held.Add(id.Order);
            }
        }
    }
}
