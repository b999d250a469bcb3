namespace Doorbuster.Cli.Load;

/// <summary>What a crowd is doing.</summary>
internal enum LoadStage
{
    /// <summary>Opening connections and reading the sale.</summary>
    Connecting,

    /// <summary>Taking what each buyer shows with a claim.</summary>
    TakingTokens,

    /// <summary>Waiting for the sale to open.</summary>
    Waiting,

    /// <summary>Claiming.</summary>
    Claiming,

    /// <summary>Paying what was claimed, and claiming what comes back.</summary>
    Settling,
}

/// <summary>
/// How far a crowd has come, for a display that looks at it from time to time. The run writes; a reader may see one
/// figure a moment before another.
/// </summary>
internal sealed class LoadProgress
{
    private volatile LoadStage _stage;
    private volatile Tally[] _tallies = [];
    private int _credentials;

    /// <summary>What the crowd is doing.</summary>
    public LoadStage Stage => _stage;

    /// <summary>Buyers that have what they show with a claim.</summary>
    public int Credentials => Volatile.Read(ref _credentials);

    /// <summary>When the sale opens, by this machine's clock; set before the stage is <see cref="LoadStage.Waiting"/>.
    /// </summary>
    public DateTimeOffset OpensAt { get; private set; }

    /// <summary>Units on sale; set before the stage is <see cref="LoadStage.Waiting"/>.</summary>
    public int Quantity { get; private set; }

    /// <summary>What becomes of the orders, where the crowd pays them.</summary>
    public FeedTally? Feed { get; init; }

    /// <summary>Orders so far, the queued ones included.</summary>
    public int Orders => _tallies.Sum(tally => tally.Orders + tally.Queued);

    /// <summary>Refusals so far.</summary>
    public int Refused => _tallies.Sum(tally => tally.Refused);

    /// <summary>Claims that have come to their end so far.</summary>
    public int Done => _tallies.Sum(tally => tally.Orders + tally.Queued + tally.Refused + tally.Unanswered);

    /// <summary>The crowd takes its tokens.</summary>
    public void TakesTokens() => _stage = LoadStage.TakingTokens;

    /// <summary>One buyer has got its own.</summary>
    public void CountCredential() => Interlocked.Increment(ref _credentials);

    /// <summary>The crowd waits for the opening.</summary>
    public void Waits(DateTimeOffset opensAt, int quantity)
    {
        Quantity = quantity;
        OpensAt = opensAt;
        _stage = LoadStage.Waiting;
    }

    /// <summary>The crowd has claimed; what it holds is paid, or comes back.</summary>
    public void Settles() => _stage = LoadStage.Settling;

    /// <summary>The crowd claims, and counts here.</summary>
    public void Claims(Tally[] tallies)
    {
        _tallies = tallies;
        _stage = LoadStage.Claiming;
    }
}
