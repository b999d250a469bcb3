using System.Threading.Tasks.Sources;

namespace Doorbuster.Claims;

/// <summary>A claim in a lane, and the one who waits for its answer.</summary>
internal sealed class PendingClaim : IValueTaskSource<ClaimAnswer>
{
    // The lane answers hundreds in a row; what each of them does next must not run on the lane.
    private ManualResetValueTaskSourceCore<ClaimAnswer> _source = new() { RunContinuationsAsynchronously = true };

    public PendingClaim(Listing listing, in Claim claim)
    {
        Listing = listing;
        Claim = claim;
    }

    public Listing Listing { get; }

    public Claim Claim { get; }

    /// <summary>The answer, once; it may be awaited once.</summary>
    public ValueTask<ClaimAnswer> Answered => new(this, _source.Version);

    public void Answer(in ClaimAnswer answer) => _source.SetResult(answer);

    public void Fail(Exception fault) => _source.SetException(fault);

    ClaimAnswer IValueTaskSource<ClaimAnswer>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ClaimAnswer>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ClaimAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
