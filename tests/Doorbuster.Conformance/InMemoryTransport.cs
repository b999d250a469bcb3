using Doorbuster.Dispatch;

namespace Doorbuster.Conformance;

/// <summary>
/// A transport in memory that loses and doubles where a test says so. What was received and not acknowledged is brought
/// again once the test breaks the connection.
/// </summary>
public sealed class InMemoryTransport : IClaimTransport
{
    private readonly Lock _lock = new();
    private readonly List<AdmittedBatch> _queue = [];
    private readonly List<Delivery> _unacknowledged = [];
    private TaskCompletionSource _arrived = new();

    /// <summary>Whether it cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether what is sent is lost although it was confirmed.</summary>
    public bool LosesWhatIsSent { get; set; }

    /// <summary>Whether what is sent arrives, and nobody hears that it did.</summary>
    public bool LosesConfirms { get; set; }

    /// <summary>Entries that were sent, in order, doubles too.</summary>
    public List<AdmittedBatch> Sent { get; } = [];

    /// <summary>Deliveries that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Brings again what was received and not acknowledged.</summary>
    public void Break()
    {
        lock (_lock)
        {
            _queue.InsertRange(0, _unacknowledged.Select(delivery => delivery.Entry));
            _unacknowledged.Clear();
            Arrive();
        }
    }

    public ValueTask<IReadOnlyCollection<AdmittedBatch>> SendAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsAway)
            {
                return ValueTask.FromResult<IReadOnlyCollection<AdmittedBatch>>([]);
            }

            Sent.AddRange(entries);
            if (!LosesWhatIsSent)
            {
                _queue.AddRange(entries);
                Arrive();
            }

            return ValueTask.FromResult<IReadOnlyCollection<AdmittedBatch>>(LosesConfirms ? [] : entries);
        }
    }

    public async ValueTask<IReadOnlyList<Delivery>> ReceiveAsync(int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (IsAway)
                {
                    throw new TransportUnavailableException("The transport is away.");
                }

                if (_queue.Count > 0)
                {
                    Delivery[] some = [.. _queue.Take(most).Select(entry => new Delivery(entry, new object()))];
                    _queue.RemoveRange(0, some.Length);
                    _unacknowledged.AddRange(some);
                    return some;
                }

                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(cancellationToken);
        }
    }

    public ValueTask AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Acknowledged += _unacknowledged.RemoveAll(deliveries.Contains);
        }

        return ValueTask.CompletedTask;
    }

    private void Arrive()
    {
        var arrived = _arrived;
        _arrived = new TaskCompletionSource();
        arrived.TrySetResult();
    }
}
