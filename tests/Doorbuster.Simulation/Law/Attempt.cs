namespace Doorbuster.Simulation.Law;

/// <summary>What a buyer wants under one key: whatever is asked under it, it is one order or none.</summary>
internal sealed class Attempt(SaleId sale, BuyerId buyer, string key, int quantity)
{
    public SaleId Sale => sale;

    public BuyerId Buyer => buyer;

    public string Key => key;

    public int Quantity => quantity;

    /// <summary>The order, once somebody was told of it.</summary>
    public OrderId? Order { get; set; }

    /// <summary>Whether the last answer left open what became of it.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The step at which it was first told to be queued; null where it never was.</summary>
    public long? QueuedAt { get; set; }

    /// <summary>The step at which it was first asked for; -1 before.</summary>
    public long FirstSentAt { get; set; } = -1;

    /// <summary>Whether it was first asked for when an operator had been told that the sale is shut.</summary>
    public bool IsAfterShut { get; set; }

    /// <summary>Whether it was told as new.</summary>
    public bool WasAdmitted { get; set; }

    /// <summary>Whether a request may still be on its way though nobody waits for it.</summary>
    public bool IsLoose { get; set; }

    /// <summary>Requests that are under way.</summary>
    public int UnderWay { get; set; }

    /// <summary>The last step at which several were.</summary>
    public long SharedAt { get; set; } = -1;

    /// <summary>The steps between which it was refused, and with what.</summary>
    public List<(long Asked, long Told, string Problem, bool WasAlone)> Refusals { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{quantity} of {sale}, key {key}";
}

/// <summary>A request as it was sent.</summary>
/// <param name="Attempt">What it is about; null where it is no claim.</param>
/// <param name="SentAt">The step.</param>
/// <param name="Known">The revision of the order that its buyer knew; 0 for none.</param>
internal readonly record struct Ask(Attempt? Attempt, long SentAt, int Known);
