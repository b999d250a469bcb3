namespace Doorbuster.Claims;

/// <summary>
/// The claims of one sale that a lane gives to the gate together, and what the gate answers. A lane keeps its batches
/// and uses them again, so that a claim allocates nothing that a batch can share.
/// </summary>
public sealed class SaleBatch
{
    private readonly List<Claim> _claims = [];
    private ClaimAnswer[] _answers = [];
    private Outcome[] _outcomes = [];

    /// <summary>The sale.</summary>
    public SaleId Sale { get; private set; }

    /// <summary>The claims, in their order of arrival.</summary>
    public ReadOnlySpan<Claim> Claims => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_claims);

    /// <summary>One answer a claim, at the claim's place.</summary>
    public Span<ClaimAnswer> Answers => _answers.AsSpan(0, _claims.Count);

    /// <summary>What the gate says of the stock after this batch; null where it has none.</summary>
    public StockView? View { get; set; }

    /// <summary>Room for the outcomes, at the claims' places.</summary>
    internal Span<Outcome> Outcomes => _outcomes.AsSpan(0, _claims.Count);

    /// <summary>The batch's buyers with what they hold, and would hold with what is admitted here.</summary>
    internal Holdings Holdings { get; } = new();

    /// <summary>Begins a new batch.</summary>
    public void Begin(SaleId sale)
    {
        Sale = sale;
        View = null;
        _claims.Clear();
        Holdings.Clear();
    }

    /// <summary>Adds a claim of this batch's sale.</summary>
    public void Add(in Claim claim)
    {
        _claims.Add(claim);
        if (_answers.Length < _claims.Count)
        {
            Array.Resize(ref _answers, _claims.Capacity);
            Array.Resize(ref _outcomes, _claims.Capacity);
        }
    }
}
