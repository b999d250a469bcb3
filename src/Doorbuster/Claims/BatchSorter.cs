namespace Doorbuster.Claims;

/// <summary>
/// Sorts drained claims into one batch a sale, and finds each claim's answer again. It is used over and over.
/// </summary>
internal sealed class BatchSorter
{
    private readonly List<SaleBatch> _batches = [];
    private readonly List<SaleBatch> _kept = [];

    /// <summary>Where each batch's sale is listed; a node lists a sale once.</summary>
    private readonly List<Listing> _listings = [];

    private readonly List<(SaleBatch Batch, int Place)> _places = [];
    private readonly Dictionary<SaleId, SaleBatch> _bySale = [];

    /// <summary>Sorts the claims by sale; the result is good until the next call.</summary>
    public IReadOnlyList<SaleBatch> Sort(List<PendingClaim> claims)
    {
        _batches.Clear();
        _listings.Clear();
        _places.Clear();
        _bySale.Clear();
        foreach (var pending in claims)
        {
            // Where one sale draws the crowd, a claim is mostly of the same sale as the one before.
            var batch = _listings.Count > 0 && ReferenceEquals(pending.Listing, _listings[^1])
                ? _batches[^1]
                : BatchOf(pending.Listing);
            _places.Add((batch, batch.Claims.Length));
            batch.Add(pending.Claim);
        }

        return _batches;
    }

    /// <summary>The answer to the claim that was at this place of the list.</summary>
    public ClaimAnswer AnswerOf(int claim)
    {
        var (batch, place) = _places[claim];
        return batch.Answers[place];
    }

    /// <summary>
    /// Tells each sale's mark first of every order that stands or may stand, then what its gate said. A gate of an
    /// earlier epoch than the store's refuses nobody, as soon as this node knows.
    /// </summary>
    public void Learn()
    {
        for (var i = 0; i < _batches.Count; i++)
        {
            var (batch, listing) = (_batches[i], _listings[i]);
            if (batch.View?.Epoch < listing.StoreEpoch)
            {
                Doubt(batch);
            }

            Learn(batch, listing.Mark);
        }
    }

    /// <summary>
    /// Takes back what a gate said whose epoch is over, which may lack the orders of a later one (F05): what it refused
    /// is to be asked again, and what it admitted is in the store by now, as an order or a dead letter, or never will
    /// be. The store tells the bodies of its replays.
    /// </summary>
    private static void Doubt(SaleBatch batch)
    {
        foreach (ref var answer in batch.Answers)
        {
            answer = answer switch
            {
                { Outcome: null or Outcome.Replayed or Outcome.KeyReused } or { Order: not null } => answer,
                { Outcome: Outcome.Admitted } => ClaimAnswer.Unknown,
                _ => new ClaimAnswer(Outcome.StaleEpoch),
            };
        }
    }

    private static void Learn(SaleBatch batch, Admission.SoldOutMark mark)
    {
        for (var i = 0; i < batch.Claims.Length; i++)
        {
            if (batch.Answers[i].Outcome is Outcome.Admitted or null)
            {
                mark.Add(batch.Claims[i].Order.Key, batch.Claims[i].Buyer);
            }
        }

        if (batch.View is { } view)
        {
            mark.See(view);
        }
    }

    private SaleBatch BatchOf(Listing listing)
    {
        if (!_bySale.TryGetValue(listing.Sale.Id, out var batch))
        {
            if (_kept.Count == _batches.Count)
            {
                _kept.Add(new SaleBatch());
            }

            batch = _kept[_batches.Count];
            batch.Begin(listing.Sale.Id);
            _batches.Add(batch);
            _listings.Add(listing);
            _bySale.Add(listing.Sale.Id, batch);
        }

        return batch;
    }
}
