using System.Threading.Tasks.Sources;

namespace Doorbuster.Claims;

/// <summary>A claim in a lane, and the one who waits for its answer.</summary>
internal class PendingClaim : IValueTaskSource<ClaimAnswer>
{
    // What the caller does next runs where the answer is given, which Answers sees to.
    private ManualResetValueTaskSourceCore<ClaimAnswer> _source;

    public PendingClaim(Listing listing, in Claim claim)
    {
        Listing = listing;
        Claim = claim;
    }

    public Listing Listing { get; }

    public Claim Claim { get; }

    /// <summary>What was decided, before the caller is told.</summary>
    public ClaimAnswer Decided { get; set; }

    /// <summary>The answer, once; it may be awaited once.</summary>
    public ValueTask<ClaimAnswer> Answered => new(this, _source.Version);

    /// <summary>Tells the caller what was decided; what the caller does next runs before this returns.</summary>
    public void Answer() => Answer(Decided);

    /// <summary>Tells the caller something else than what was decided, or may still be.</summary>
    public void Answer(in ClaimAnswer answer) => _source.SetResult(answer);

    ClaimAnswer IValueTaskSource<ClaimAnswer>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ClaimAnswer>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ClaimAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
