using System.Runtime.CompilerServices;

namespace Doorbuster.Simulation.Scheduling;

/// <summary>
/// Time that somebody waits for, once. Whoever awaits it goes on as after a task: within the step in which it rings,
/// where that is of their own realm, and else in a step of its own.
/// </summary>
internal sealed class Wait(Realm realm) : Alarm(realm)
{
    private Action? _goOn;
    private SynchronizationContext? _waiting;
    private bool _isOver;

    public Awaiter GetAwaiter() => new(this);

    /// <inheritdoc/>
    public override void Ring()
    {
        _isOver = true;
        if (_goOn is null)
        {
            return;
        }

        if (_waiting is null || _waiting == SynchronizationContext.Current)
        {
            _goOn();
        }
        else
        {
            _waiting.Post(static goOn => ((Action)goOn!)(), _goOn);
        }
    }

    /// <summary>What the compiler asks for.</summary>
    internal readonly struct Awaiter(Wait wait) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => wait._isOver;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            wait._waiting = SynchronizationContext.Current;
            wait._goOn = continuation;
        }
    }
}
