using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Doorbuster;

/// <summary>Every sale this node knows, found by id and listed in the order of ids.</summary>
public sealed class Catalog
{
    private readonly ConcurrentDictionary<string, Listing> _bySale = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Listing> _sorted = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private volatile Listing[] _ordered = [];

    /// <summary>How many sales there are.</summary>
    public int Count => _ordered.Length;

    /// <summary>Every sale's id, in ascending order.</summary>
    public IReadOnlyCollection<SaleId> Ids() => Array.ConvertAll(_ordered, listing => listing.Sale.Id);

    /// <summary>Adds a sale whose gate is open, or replaces what was known of it.</summary>
    public void Add(Listing listing) => Add([listing]);

    /// <summary>Adds sales whose gates are open.</summary>
    public void Add(IReadOnlyList<Listing> listings)
    {
        lock (_lock)
        {
            foreach (var listing in listings)
            {
                var id = listing.Sale.Id.ToString();
                _bySale[id] = listing;
                _sorted[id] = listing;
            }

            _ordered = [.. _sorted.Values];
        }
    }

    /// <summary>Adds sales that are not known; what is known of the others stays.</summary>
    public void AddMissing(IReadOnlyList<Listing> listings)
    {
        lock (_lock)
        {
            if (listings.Count == 0)
            {
                return;
            }

            Add([.. listings.Where(listing => !_sorted.ContainsKey(listing.Sale.Id.ToString()))]);
        }
    }

    /// <summary>Finds a sale by the text of its id, as a URL brings it.</summary>
    public bool TryFind(string? sale, [NotNullWhen(true)] out Listing? listing)
    {
        listing = null;
        return sale is not null && _bySale.TryGetValue(sale, out listing);
    }

    /// <summary>Sales in ascending order of id, after one of them, so many at most.</summary>
    /// <param name="after">The id to go on from, which need not exist; null begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>Found by halving: a page costs what it holds, however many sales there are.</returns>
    public IReadOnlyList<Listing> Page(string? after, int limit)
    {
        var ordered = _ordered;
        var first = after is null ? 0 : CountUpTo(ordered, after);
        return ordered[first..(first + Math.Min(limit, ordered.Length - first))];
    }

    /// <summary>How many ids are not after this one.</summary>
    private static int CountUpTo(Listing[] ordered, string id)
    {
        var (low, high) = (0, ordered.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(ordered[middle].Sale.Id.ToString(), id) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
