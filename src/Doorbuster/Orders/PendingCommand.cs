using System.Diagnostics;
using Doorbuster.Telemetry;

namespace Doorbuster.Orders;

/// <summary>A command that waits to be written, and the one who waits for its answer.</summary>
internal sealed class PendingCommand(OrderCommand command)
{
    private readonly TaskCompletionSource<OrderAnswer> _answer = new();

    public OrderCommand Command { get; } = command;

    /// <summary>The span that it came with; null where nobody traces.</summary>
    public Activity? Caller { get; } = Spans.IsHeard ? Activity.Current : null;

    public Task<OrderAnswer> Answered => _answer.Task;

    /// <summary>Tells the caller, unless somebody has; what the caller does next runs before this returns.</summary>
    public void Answer(OrderAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>Tells the caller that it was not done, or that nobody knows.</summary>
    public void Fail(Exception fault) => _answer.TrySetException(fault);
}
