namespace Doorbuster.Claims;

/// <summary>Those who read one sale's gate, and are told what changes meanwhile. The sale's lock guards it.</summary>
internal sealed class GateReadings
{
    private readonly List<GateReading> _underWay = [];

    /// <summary>From now on it is told of changes.</summary>
    public void Begin(GateReading reading) => _underWay.Add(reading);

    /// <summary>Nothing is told to it any more.</summary>
    public void End(GateReading reading) => _underWay.Remove(reading);

    /// <summary>Tells everyone how an order stands now.</summary>
    public void Note(Holdings holdings, BuyerId buyer, OrderKey order)
    {
        if (_underWay.Count == 0 || !holdings.Of(buyer).TryFind(order, out var held))
        {
            return;
        }

        // A delegate over the buyer would be allocated for each order, though nobody reads.
        foreach (var reading in _underWay)
        {
            reading.Note(buyer, held);
        }
    }
}
