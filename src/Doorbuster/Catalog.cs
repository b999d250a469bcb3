using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Doorbuster;

/// <summary>Every sale this node knows, found by id and listed in the order of ids.</summary>
public sealed class Catalog
{
    private readonly ConcurrentDictionary<string, Listing> _bySale = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Listing> _sorted = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<Listing> _ordered = [];

    /// <summary>How many sales there are.</summary>
    public int Count => _ordered.Count;

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

    /// <summary>Finds a sale by the text of its id, as a URL brings it.</summary>
    public bool TryFind(string? sale, [NotNullWhen(true)] out Listing? listing)
    {
        listing = null;
        return sale is not null && _bySale.TryGetValue(sale, out listing);
    }

    /// <summary>Sales in ascending order of id, after one of them, so many at most.</summary>
    /// <param name="after">The id to go on from, which need not exist; null begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<Listing> Page(string? after, int limit) =>
    [
        .. _ordered
            .SkipWhile(l => after is not null && string.CompareOrdinal(l.Sale.Id.ToString(), after) <= 0)
            .Take(limit),
    ];
}
