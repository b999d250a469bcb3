namespace Doorbuster.Tests.Properties;

/// <summary>
/// One thing that happens to a sale. It names orders by buyer and key, not by what came before, so that a history from
/// which steps are left out still means the same.
/// </summary>
internal abstract record LifeStep
{
    private LifeStep()
    {
    }

    /// <summary>A buyer asks for units; again with the same key it is a replay.</summary>
    public sealed record Claim(OrderRef Order, int Units) : LifeStep;

    /// <summary>The buyer gives the order up, once or by two clicks.</summary>
    public sealed record Cancel(OrderRef Order, bool IsTwice) : LifeStep;

    /// <summary>The buyer asks where to pay, once or by two clicks.</summary>
    public sealed record Pay(OrderRef Order, bool IsTwice) : LifeStep;

    /// <summary>The provider has taken money: what the order costs, or something else.</summary>
    public sealed record Money(PaymentRef Payment, OrderRef Order, bool IsRight) : LifeStep;

    /// <summary>Two payments of one order come at the same moment.</summary>
    public sealed record TwoMoneys(OrderRef Order) : LifeStep;

    public sealed record Fail(PaymentRef Payment) : LifeStep;

    /// <summary>The provider says that money went back; nobody may believe that of money that need not.</summary>
    public sealed record Refunded(PaymentRef Payment) : LifeStep;

    /// <summary>Time passes, and windows end.</summary>
    public sealed record Wait(int Ticks) : LifeStep;

    /// <summary>The operator pauses, resumes or closes.</summary>
    public sealed record Turn(SaleMode To) : LifeStep;

    public sealed record Replenish(int Units, int Request) : LifeStep;

    /// <summary>The operator changes a term, from the sale's revision or from one that is gone.</summary>
    public sealed record Edit(Term Term, int Value, bool IsStale) : LifeStep;

    /// <summary>The process ends, and another takes the store over.</summary>
    public sealed record Restart : LifeStep;
}

/// <summary>What an operator changes.</summary>
internal enum Term
{
    Price,
    Limit,
    Opening,
    Closing,
    Window,
}

/// <summary>An order that may exist.</summary>
internal sealed record OrderRef(int Buyer, int Key);

/// <summary>A payment that may exist: an attempt of an order's, or money under a name of the provider's.</summary>
internal sealed record PaymentRef(OrderRef Order, int Attempt)
{
    public bool IsForeign => Attempt == 0;
}

/// <summary>The sale's first terms; times in ticks of two seconds.</summary>
internal sealed record LifeTerms(int Quantity, int Limit, int Price, int Window, int Opening, int? Closing);

/// <summary>A sale and everything that happens to it.</summary>
/// <param name="Seed">Draws the order in which the engine's loops run.</param>
/// <param name="Terms">The sale.</param>
/// <param name="Steps">What happens.</param>
internal sealed record LifeHistory(int Seed, LifeTerms Terms, IReadOnlyList<LifeStep> Steps)
{
    public override string ToString() =>
        $"seed {Seed}, {Terms}\n{string.Join('\n', Steps.Select((step, no) => $"{no + 1,3} {step}"))}\n";
}
