using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Doorbuster.Reconciliation;

/// <summary>Which sales are over, as this node knows from the store, and what is left of them.</summary>
public sealed class EndedSales
{
    private readonly ConcurrentDictionary<SaleId, StockView> _ended = new();

    /// <summary>Raised when a sale was first seen to be over: what was believed of its last gate is old.</summary>
    public event Action<SaleId>? Ended;

    /// <summary>Whether none is over, so that nobody need ask.</summary>
    public bool IsEmpty => _ended.IsEmpty;

    /// <summary>Whether a sale is over.</summary>
    public bool Has(SaleId sale) => _ended.ContainsKey(sale);

    /// <summary>What the store has left of a sale that is over.</summary>
    public bool TryFind(SaleId sale, [NotNullWhen(true)] out StockView? view) => _ended.TryGetValue(sale, out view);

    /// <summary>Takes note of what the store shows of a sale.</summary>
    public void Note(SaleGlance glance)
    {
        if (!glance.IsOver)
        {
            // A store that was restored from a copy may not know any more that it was.
            _ended.TryRemove(glance.Id, out _);
            return;
        }

        var isNew = !_ended.ContainsKey(glance.Id);
        _ended[glance.Id] = new StockView(glance.Epoch, glance.Version, glance.Available);
        if (isNew)
        {
            Ended?.Invoke(glance.Id);
        }
    }
}
