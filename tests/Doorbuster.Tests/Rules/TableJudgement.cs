using Doorbuster.Conformance;

namespace Doorbuster.Tests.Rules;

/// <summary>Plays a table against the decision function, batch after batch, keeping what was granted.</summary>
internal sealed class TableJudgement
{
    private const int Epoch = 7;

    private readonly TableTerms _terms;
    private readonly Sale _sale;
    private readonly Holdings _holdings = new();
    private long _available;

    public TableJudgement(TableTerms terms, IReadOnlyList<ClaimRow> before)
    {
        _terms = terms;
        _sale = Samples.Sale();
        _available = terms.Quantity;
        foreach (var row in before)
        {
            var claim = ClaimOf(row);
            _holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, row.Told == "ended" ? 0 : row.Units));
        }
    }

    public IReadOnlyList<ClaimRow> Decide(DateTimeOffset at, IReadOnlyList<ClaimRow> rows)
    {
        var facts = new SaleFacts(
            Epoch, _available, _terms.Limit, _terms.OrdersPerBuyer, _terms.OpensAt, _terms.ClosesAt, _terms.Mode);
        var outcomes = new Outcome[rows.Count];
        _available -= Decision.Decide(
            _terms.NoGate ? null : facts, JudgeAt(at), rows.Select(AskOf).ToArray(), _holdings, outcomes);
        return [.. rows.Zip(outcomes, (row, outcome) => row with { Told = ClaimTable.Word(outcome) })];
    }

    private Judge JudgeAt(DateTimeOffset at)
    {
        var carried = _terms.OldEpoch ? Epoch - 1 : Epoch;
        return _terms.StoreJudges ? Judge.Store(carried) : Judge.Gate(at, _terms.LogIsBehind, carried);
    }

    private Claim AskOf(ClaimRow row) => ClaimOf(row) with { IsReplay = _terms.TokensAreOver };

    private Claim ClaimOf(ClaimRow row) => Samples.Claim(_sale, row.Buyer, row.Key, row.Units);
}
