using Doorbuster.Reconciliation;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Claims;

/// <summary>A fixed number of lanes, onto which sales are hashed by id, the same on every start.</summary>
public sealed class Lanes
{
    private readonly Lane[] _lanes;
    private readonly int _standing;
    private readonly EndedSales? _ended;

    /// <summary>The lane of sales that are over: their claims wait for the store, and hold up nobody else's.</summary>
    private readonly Lane? _past;

    /// <summary>Makes the lanes.</summary>
    /// <param name="gate">Decides their batches.</param>
    /// <param name="limits">Their capacity and batch size.</param>
    /// <param name="count">How many; one where the store has a single writer.</param>
    /// <param name="clock">The time after which a gate is asked again what became of a commit.</param>
    /// <param name="instruments">Measure claims and batches; nothing is measured where null.</param>
    /// <param name="logger">Told of batches; nobody where null.</param>
    /// <param name="batchesInFlight">Batches of one lane at the gate at once.</param>
    /// <param name="ended">The sales that are over, which have a lane of their own; none where null.</param>
    public Lanes(
        IGate gate, Limits limits, int count, TimeProvider clock, Instruments? instruments = null,
        ILogger? logger = null, int batchesInFlight = 1, EndedSales? ended = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _standing = count;
        _lanes =
        [
            .. Enumerable.Range(0, count)
                .Select(_ => NewLane()),
        ];
        if (ended is not null)
        {
            (_ended, _past) = (ended, NewLane());
            _lanes = [.. _lanes, _past];
        }

        Lane NewLane() => new(gate, limits, clock, instruments, logger, batchesInFlight);
    }

    /// <summary>Claims that wait now, in all lanes.</summary>
    public int Depth => _lanes.Sum(lane => lane.Depth);

    /// <summary>The lane of a sale.</summary>
    public Lane Of(SaleId sale) =>
        _ended is { IsEmpty: false } && _ended.Has(sale) ? _past!
        : _standing == 1 ? _lanes[0]
        : _lanes[Hash(sale) % (uint)_standing];

    /// <summary>Takes no more claims; <see cref="RunAsync"/> ends once those that wait are decided.</summary>
    public void Complete() => Array.ForEach(_lanes, lane => lane.Complete());

    /// <summary>Tells everyone who waits in a lane that nobody will wait any longer.</summary>
    public void GiveUp() => Array.ForEach(_lanes, lane => lane.GiveUp());

    /// <summary>
    /// Drains all lanes until they are completed and empty, or cancelled. A lane that stops by a fault completes the
    /// others, so that the fault comes out.
    /// </summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_lanes.Select(lane => RunLaneAsync(lane, cancellationToken)));

    private async Task RunLaneAsync(Lane lane, CancellationToken cancellationToken)
    {
        try
        {
            await lane.RunAsync(cancellationToken);
        }
        finally
        {
            Complete();
        }
    }

    /// <summary>FNV-1a: a string's own hash differs from one start to the next.</summary>
    private static uint Hash(SaleId sale)
    {
        var hash = 2166136261u;
        foreach (var character in sale.ToString())
        {
            hash = (hash ^ character) * 16777619u;
        }

        return hash;
    }
}
