using Doorbuster.Claims;

namespace Doorbuster;

/// <summary>
/// Keeps what this node shows of a shared gate's stock no older than a second or so: it asks the gates of sales whose
/// stock has just changed in the store, and now and then each of the others. Claims of this node bring the gate's word
/// by themselves, and whatever had it since the last look is not asked about.
/// </summary>
/// <param name="gate">The gate.</param>
/// <param name="catalog">Where its word is kept.</param>
/// <param name="clock">The time.</param>
internal sealed class StockLooks(IRemoteGate gate, Catalog catalog, TimeProvider clock)
{
    /// <summary>
    /// How long a sale is looked at after its stock has changed: what the gate is told of a change comes after that.
    /// </summary>
    private static readonly TimeSpan Interest = TimeSpan.FromSeconds(3);

    private const int MostAtOnce = 256;
    private const int OthersAtOnce = 16;

    private readonly Dictionary<SaleId, (long Version, long ChangedAt)> _known = [];

    /// <summary>What was known of a sale when it last had its turn.</summary>
    private readonly Dictionary<SaleId, StockView> _shown = [];

    private string? _last;

    /// <summary>Takes note of what the store shows of a sale.</summary>
    public void Note(SaleGlance glance)
    {
        lock (_known)
        {
            if (!_known.TryGetValue(glance.Id, out var known) || known.Version != glance.Version)
            {
                _known[glance.Id] = (glance.Version, clock.GetTimestamp());
            }
        }
    }

    /// <summary>Looks once at the gates whose turn it is.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var others = catalog.Page(_last, OthersAtOnce);
        _last = others.Count < OthersAtOnce ? null : others[^1].Sale.Id.ToString();
        Listing[] wanted =
        [
            .. Moving().Concat(others.Select(listing => listing.Sale.Id.ToString()))
                .Distinct(StringComparer.Ordinal)
                .Select(Find).OfType<Listing>()
                .Where(IsUntold)
                .Take(MostAtOnce),
        ];
        await LookAsync(wanted, cancellationToken);
    }

    private List<string> Moving()
    {
        var now = clock.GetTimestamp();
        lock (_known)
        {
            return
            [
                .. _known.Where(one => clock.GetElapsedTime(one.Value.ChangedAt, now) < Interest)
                    .OrderByDescending(one => one.Value.ChangedAt)
                    .Select(one => one.Key.ToString()),
            ];
        }
    }

    private Listing? Find(string sale) => catalog.TryFind(sale, out var listing) ? listing : null;

    /// <summary>Whether nobody has brought the gate's word since this was asked last.</summary>
    private bool IsUntold(Listing listing)
    {
        var view = listing.Mark.View;
        var wasTold = _shown.TryGetValue(listing.Sale.Id, out var shown) && !ReferenceEquals(shown, view);
        _shown[listing.Sale.Id] = view;
        return !wasTold;
    }

    /// <summary>What was known is shown until the gate says more.</summary>
    private async Task LookAsync(Listing[] listings, CancellationToken cancellationToken)
    {
        var looks = listings.Length == 0
            ? []
            : await gate.LookAtAllAsync(Array.ConvertAll(listings, one => one.Sale.Id), cancellationToken);
        foreach (var (listing, look) in listings.Zip(looks))
        {
            if (look?.View is { } view)
            {
                listing.Mark.See(view);
                _shown[listing.Sale.Id] = listing.Mark.View;
            }
        }
    }
}
