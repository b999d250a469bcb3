using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>A store that knows claims by their ids alone, and remembers its transactions.</summary>
public sealed class RecordingFulfilment : IFulfilmentLedger
{
    /// <summary>Claims that stand, in the order in which they came.</summary>
    public List<Claim> Committed { get; } = [];

    /// <summary>How many claims each transaction that was made had, replays included.</summary>
    public List<int> Transactions { get; } = [];

    /// <summary>Orders that no row can be made of.</summary>
    public HashSet<OrderId> Bad { get; } = [];

    /// <summary>The dead letters.</summary>
    public List<OrderId> Buried { get; } = [];

    public ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        var claims = entries.SelectMany(entry => entry.Claims).ToList();
        if (claims.Exists(claim => Bad.Contains(claim.Order)))
        {
            throw new BadClaimException("A constraint refuses it.");
        }

        Transactions.Add(claims.Count);
        Committed.AddRange(claims.Where(claim => !Committed.Contains(claim)));
        return ValueTask.FromResult<IReadOnlyList<Order>>([]);
    }

    public ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken)
    {
        Buried.Add(entry.Claims.Single().Order);
        return ValueTask.CompletedTask;
    }
}
