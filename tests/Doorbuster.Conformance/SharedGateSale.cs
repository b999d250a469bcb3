using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Orders;

namespace Doorbuster.Conformance;

/// <summary>One sale of the <see cref="InMemorySharedGate"/>.</summary>
/// <param name="run">The run that its server is in now.</param>
internal sealed class SharedGateSale(Func<object> run)
{
    /// <summary>When the entries that a reader has were given to it.</summary>
    private readonly Dictionary<string, DateTimeOffset> _given = [];

    private long _available;
    private long _version;
    private DateTimeOffset _seen = DateTimeOffset.MinValue;
    private (long Ms, long Sequence) _lastEntry;
    private object? _openedIn;

    public long Epoch { get; private set; }

    public Sale? Terms { get; private set; }

    public Holdings Holdings { get; private set; } = new();

    public List<AdmittedBatch> Log { get; } = [];

    public bool IsFenced { get; set; }

    /// <summary>The highest epoch that was fenced: no snapshot of it, or of an earlier one, opens the gate.</summary>
    public long Fence { get; private set; }

    public bool IsDamaged { get; set; }

    public GateStanding Standing =>
        Terms is null ? GateStanding.Missing
        : IsFenced ? GateStanding.Fenced
        : IsDamaged || _openedIn != run() ? GateStanding.Damaged
        : GateStanding.Open;

    public StockView? OpenView =>
        Standing == GateStanding.Open ? new StockView(Epoch, _version, _available) : null;

    public DateTimeOffset? GivenAt(string entry) => _given.TryGetValue(entry, out var at) ? at : null;

    public void Give(string entry, DateTimeOffset now) => _given[entry] = now;

    /// <summary>Nothing is admitted any more under this epoch or an earlier one.</summary>
    public void FenceOff(long epoch)
    {
        IsFenced |= Terms is not null;
        Fence = Math.Max(Fence, epoch);
    }

    /// <summary>Whether a snapshot of this epoch opens the gate.</summary>
    public bool MayOpen(long epoch) => epoch > Epoch && epoch > Fence;

    public void Open(GateSnapshot snapshot)
    {
        Epoch = snapshot.Epoch;
        Terms = snapshot.Sale;
        Holdings = snapshot.Holdings;
        IsFenced = false;
        IsDamaged = false;
        _openedIn = run();
        _version = snapshot.Stock.Version;
        _available = Terms.Quantity - Holdings.All().Sum(held => (long)held.Order.Quantity);
    }

    /// <summary>The same as another server has it, whose run is its own.</summary>
    public SharedGateSale Copy(Func<object> runThere)
    {
        var copy = new SharedGateSale(runThere)
        {
            Epoch = Epoch,
            Terms = Terms,
            IsFenced = IsFenced,
            Fence = Fence,
            IsDamaged = IsDamaged,
            _available = _available,
            _version = _version,
            _seen = _seen,
            _lastEntry = _lastEntry,
        };
        copy.Log.AddRange(Log);
        foreach (var (buyer, order) in Holdings.All())
        {
            copy.Holdings.Add(buyer, order);
        }

        foreach (var (entry, at) in _given)
        {
            copy._given.Add(entry, at);
        }

        return copy;
    }

    /// <summary>The key that says what is left, and on what terms, is gone; buyers and log are not.</summary>
    public void LoseGate() => (Terms, Epoch, Fence, IsFenced, IsDamaged) = (null, 0, 0, false, false);

    public void Claim(SaleBatch batch, DateTimeOffset now, int ordersPerBuyer, TimeSpan maxQueueAge)
    {
        _seen = now > _seen ? now : _seen;
        var claims = batch.Claims;
        var outcomes = new Outcome[claims.Length];
        var facts = new SaleFacts(
            Epoch, _available, Terms!.PerBuyerLimit, ordersPerBuyer, Terms.OpensAt, Terms.ClosesAt, Terms.Mode);
        var isBehind = Log.Count > 0 && _seen - Log[0].AdmittedAt > maxQueueAge;
        var units = Decision.Decide(facts, Judge.Gate(_seen, isBehind), claims, Holdings, outcomes);

        var left = _available;
        var admitted = new List<Claim>();
        for (var i = 0; i < claims.Length; i++)
        {
            if (outcomes[i] == Outcome.Admitted)
            {
                left -= claims[i].Quantity;
                admitted.Add(claims[i]);
            }

            batch.Answers[i] = new ClaimAnswer(outcomes[i], Available: left);
        }

        if (admitted.Count > 0)
        {
            Change(-units);
            Log.Add(new AdmittedBatch(Terms.Id, NextEntry(), Epoch, Terms.Revision, _seen, admitted));
        }

        batch.View = OpenView;
    }

    /// <summary>
    /// Frees what orders hold, in one step; all of them are of one epoch. One that is not known is from now on.
    /// </summary>
    /// <returns>Whether they were taken, or had been before.</returns>
    public bool Release(IReadOnlyList<Release> releases)
    {
        var told = releases[0].Epoch ?? Epoch;
        if (told == Epoch)
        {
            var freed = 0L;
            var hasNoted = false;
            foreach (var (order, buyer, turn, _) in releases)
            {
                if (Holdings.End(buyer, order.Key, turn) is { } units)
                {
                    freed += units;
                }
                else
                {
                    Holdings.Add(buyer, new HeldOrder(order.Key, Quantity: 0, turn));
                    hasNoted = true;
                }
            }

            Change(freed, hasNoted);
        }

        return told <= Epoch;
    }

    public void Apply(Sale sale)
    {
        if (sale.Revision > Terms!.Revision)
        {
            var more = sale.Quantity - Terms.Quantity;
            Terms = sale;
            Change(more);
        }
    }

    private void Change(long units, bool hasNoted = false)
    {
        _available += units;
        _version += units == 0 && !hasNoted ? 0 : 1;
    }

    private string NextEntry()
    {
        var ms = _seen.ToUnixTimeMilliseconds();
        _lastEntry = (ms, ms == _lastEntry.Ms ? _lastEntry.Sequence + 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{_lastEntry.Ms}-{_lastEntry.Sequence}");
    }
}
