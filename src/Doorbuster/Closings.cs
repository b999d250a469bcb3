namespace Doorbuster;

/// <summary>Which sales close by time, the next first; each is in it once, however often its terms change.</summary>
internal sealed class Closings
{
    private readonly SortedSet<(DateTimeOffset At, string Sale)> _inTurn =
        new(Comparer<(DateTimeOffset At, string Sale)>.Create(static (one, other) =>
            one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Sale, other.Sale)));

    private readonly Dictionary<SaleId, DateTimeOffset> _known = [];

    /// <summary>Notes when a sale closes, as its terms are now.</summary>
    public void Put(Sale sale)
    {
        lock (_inTurn)
        {
            Forget(sale.Id);
            if (sale is { ClosesAt: { } at, Mode: not SaleMode.Closed })
            {
                _known[sale.Id] = at;
                _inTurn.Add((at, sale.Id.ToString()));
            }
        }
    }

    /// <summary>The sales whose time has come; they stay until their terms say otherwise.</summary>
    public IReadOnlyList<SaleId> Due(DateTimeOffset now)
    {
        lock (_inTurn)
        {
            return [.. _inTurn.TakeWhile(one => one.At <= now).Select(one => SaleId.Parse(one.Sale))];
        }
    }

    private void Forget(SaleId sale)
    {
        if (_known.Remove(sale, out var at))
        {
            _inTurn.Remove((at, sale.ToString()));
        }
    }
}
