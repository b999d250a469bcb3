namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>One thing that happens to two gates that must stay twins.</summary>
public abstract record TwinStep
{
    private TwinStep()
    {
    }

    /// <summary>A batch of claims; where another sale's are beside it, both are decided by one script.</summary>
    public sealed record Claims(TwinAsk[] Asks, TwinAsk[] Beside) : TwinStep
    {
        public override string ToString() =>
            $"claims {string.Join(", ", Asks.AsEnumerable())}; beside {string.Join(", ", Beside.AsEnumerable())}";
    }

    /// <summary>Releases, stamped with an epoch so much later than the gate's, or with none.</summary>
    public sealed record Releases(TwinFreed[] Freed, int? Later) : TwinStep
    {
        public override string ToString() => $"releases {string.Join(", ", Freed.AsEnumerable())} at epoch +{Later}";
    }

    /// <summary>Terms of an operator; opening and closing in seconds from now.</summary>
    public sealed record Change(
        int Revision, int More, SaleMode Mode, int Limit, int Opens, int? Closes, int? Later) : TwinStep;

    /// <summary>So many seconds go by.</summary>
    public sealed record Turn(int Seconds) : TwinStep;

    /// <summary>The oldest entries are taken out of the log.</summary>
    public sealed record Drain(int Entries) : TwinStep;

    /// <summary>A snapshot of what stands, in which the orders of one key have ended, under a later epoch.</summary>
    public sealed record Reopen(int Later, int Ended) : TwinStep;

    /// <summary>A fence under an epoch so much later than the gate's.</summary>
    public sealed record Fence(int Later) : TwinStep;

    /// <summary>Something of the sale is lost.</summary>
    public sealed record Lose : TwinStep;

    /// <summary>An attempt to remove the gate under an epoch so much later than its own.</summary>
    public sealed record Remove(int Later) : TwinStep;
}

/// <summary>A claim of a history.</summary>
public sealed record TwinAsk(int Buyer, int Key, int Units, bool IsReplay, int Turn);

/// <summary>A release of a history.</summary>
public sealed record TwinFreed(int Buyer, int Key, int Turn);
