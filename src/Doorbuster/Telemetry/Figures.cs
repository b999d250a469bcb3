using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Telemetry;

/// <summary>What an operator's dashboard shows at a moment. What could not be read is null, and not guessed.</summary>
/// <param name="At">When the look ended.</param>
/// <param name="Node">The node that looked.</param>
/// <param name="Sales">The sales that were looked at.</param>
/// <param name="MoreSales">Sales that there are besides.</param>
/// <param name="DeadLetters">Claims that could not be written and wait; at most <see cref="Most"/>.</param>
/// <param name="Unsettled">Payments that something must still be done about; at most <see cref="Most"/>.</param>
/// <param name="Nodes">The nodes there are, at most <see cref="Most"/>.</param>
public sealed record Figures(
    DateTimeOffset At, string Node, IReadOnlyList<SaleFigures> Sales, int MoreSales, int? DeadLetters, int? Unsettled,
    IReadOnlyList<ListedNode>? Nodes)
{
    /// <summary>Where counting ends: so many or more.</summary>
    public const int Most = 100;

    /// <summary>The same of one sale alone.</summary>
    public Figures Only(SaleId sale) => this with { Sales = [.. Sales.Where(one => one.Sale.Id == sale)] };
}

/// <summary>The figures of one sale.</summary>
/// <param name="Sale">Its terms.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Stock">The store's row.</param>
/// <param name="Gate">How its gate stands, and what it has left.</param>
/// <param name="Queue">How much its claim log holds; empty where gate and store commit together.</param>
/// <param name="Expiring">
/// Reservations whose payment window ends within <see cref="FigureTaker.Soon"/>, or has ended.
/// </param>
/// <param name="LawHolds">Whether the law holds, as far as totals tell.</param>
/// <param name="LastAudit">The last audit that ended at the node that looked.</param>
/// <param name="Claims">
/// Claims that the nodes have answered since they started, by what was decided, in the words of
/// <see cref="ClaimTally"/>.
/// </param>
public sealed record SaleFigures(
    Sale Sale, SaleState State, Stock? Stock, GateLook? Gate, QueueLook? Queue, int? Expiring, bool? LawHolds,
    PastAudit? LastAudit, IReadOnlyDictionary<string, long> Claims)
{
    /// <summary>Whether its gate was removed, because it is over; then there is no look at it.</summary>
    public bool IsGateRemoved { get; init; }

    /// <summary>
    /// Units that the gate has given and the store does not have as reserved; what is given back is among them until
    /// the gate is told.
    /// </summary>
    public long? Queued => (Stock, Gate) switch
    {
        ({ } stock, { View.Available: var atGate }) => Math.Max(0, stock.Available - atGate),
        _ => null,
    };
}

/// <summary>How much a claim log holds.</summary>
/// <param name="IsEmpty">Whether it holds nothing.</param>
/// <param name="Age">How long its oldest claim has waited; zero where it is empty.</param>
public readonly record struct QueueLook(bool IsEmpty, TimeSpan Age);
