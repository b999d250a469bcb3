using System.Text;

namespace Doorbuster.Tests.Properties;

/// <summary>An order from before the batch; one that ended holds nothing.</summary>
public sealed record EarlierOrder(string Buyer, int Key, int Units, bool Ended);

/// <summary>A claim of the batch.</summary>
public sealed record Ask(string Buyer, int Key, int Units, bool IsReplay = false);

/// <summary>Everything a decision is made from, small enough that collisions of every kind are common.</summary>
/// <param name="Sale">The sale; null where it has no gate.</param>
/// <param name="Judge">Who judges.</param>
/// <param name="Before">Orders from before.</param>
/// <param name="Asks">The batch.</param>
public sealed record Scenario(
    SaleFacts? Sale, Judge Judge, IReadOnlyList<EarlierOrder> Before, IReadOnlyList<Ask> Asks)
{
    private static readonly SaleId Id = SaleId.Parse("drop");

    /// <summary>What the decision function says.</summary>
    public (IReadOnlyList<Outcome> Outcomes, long Granted) Decide() => Decide([Asks]);

    /// <summary>What it says when the batch comes in parts, each with what those before it left.</summary>
    public (IReadOnlyList<Outcome> Outcomes, long Granted) Decide(IReadOnlyList<IReadOnlyList<Ask>> parts)
    {
        var holdings = new Holdings();
        foreach (var order in Before)
        {
            var held = new HeldOrder(KeyOf(order.Buyer, order.Key), order.Ended ? 0 : order.Units);
            holdings.Add(BuyerId.Parse(order.Buyer), held);
        }

        var told = new List<Outcome>();
        var granted = 0L;
        foreach (var part in parts)
        {
            var outcomes = new Outcome[part.Count];
            var left = Sale is { } sale ? sale with { Available = sale.Available - granted } : Sale;
            granted += Decision.Decide(left, Judge, part.Select(ClaimOf).ToArray(), holdings, outcomes);
            told.AddRange(outcomes);
        }

        return (told, granted);
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine().AppendLine($"{Sale}").AppendLine($"{Judge}");
        text.AppendJoin('\n', Before).AppendLine().AppendJoin('\n', Asks);
        return text.AppendLine().AppendJoin(' ', Decide().Outcomes).ToString();
    }

    private static Claim ClaimOf(Ask ask) =>
        new(new OrderId(Id, KeyOf(ask.Buyer, ask.Key)), BuyerId.Parse(ask.Buyer), ask.Units, ask.IsReplay);

    /// <summary>A key is bound to its buyer, as a mint's are.</summary>
    private static OrderKey KeyOf(string buyer, int key) => new(buyer[0], (ulong)key + 1);
}
