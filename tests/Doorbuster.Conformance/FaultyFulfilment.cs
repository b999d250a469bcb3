using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>A store that is away, or whose replies are lost, where a test says so.</summary>
public sealed class FaultyFulfilment(IFulfilmentLedger inner) : IFulfilmentLedger
{
    public bool IsAway { get; set; }

    public bool LosesNextReply { get; set; }

    public async ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new StoreUnavailableException("The store is away.");
        }

        var orders = await inner.FulfilAsync(entries, cancellationToken);
        if (LosesNextReply)
        {
            LosesNextReply = false;
            throw new OutcomeUnknownException("The reply was lost.");
        }

        return orders;
    }

    public ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken) =>
        IsAway
            ? throw new StoreUnavailableException("The store is away.")
            : inner.BuryAsync(entry, reason, cancellationToken);
}
