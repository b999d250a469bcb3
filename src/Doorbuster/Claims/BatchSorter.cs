namespace Doorbuster.Claims;

/// <summary>
/// Sorts drained claims into one batch a sale, and finds each claim's answer again. It is used over and over.
/// </summary>
internal sealed class BatchSorter
{
    private readonly List<SaleBatch> _batches = [];
    private readonly List<SaleBatch> _kept = [];
    private readonly List<(SaleBatch Batch, int Place)> _places = [];
    private readonly Dictionary<SaleId, SaleBatch> _bySale = [];

    /// <summary>Sorts the claims by sale; the result is good until the next call.</summary>
    public IReadOnlyList<SaleBatch> Sort(List<PendingClaim> claims)
    {
        _batches.Clear();
        _places.Clear();
        _bySale.Clear();
        foreach (var pending in claims)
        {
            var batch = BatchOf(pending.Listing);
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
    /// Tells each sale's mark first of every order that stands or may stand, then what its gate said.
    /// </summary>
    public void Learn(List<PendingClaim> claims)
    {
        for (var i = 0; i < claims.Count; i++)
        {
            if (AnswerOf(i).Outcome is Outcome.Admitted or null)
            {
                claims[i].Listing.Mark.Add(claims[i].Claim.Order.Key, claims[i].Claim.Buyer);
            }
        }

        for (var i = 0; i < claims.Count; i++)
        {
            if (_places[i].Batch.View is { } view)
            {
                claims[i].Listing.Mark.See(view);
            }
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
            _bySale.Add(listing.Sale.Id, batch);
        }

        return batch;
    }
}
