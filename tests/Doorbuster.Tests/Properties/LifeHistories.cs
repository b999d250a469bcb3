using FsCheck;
using FsCheck.Fluent;

namespace Doorbuster.Tests.Properties;

/// <summary>Draws histories of one sale, and makes one that fails smaller by leaving steps out.</summary>
internal static class LifeHistories
{
    /// <summary>Few buyers, few keys and few units, so that they are fought over.</summary>
    public static Arbitrary<LifeHistory> Any { get; } = Arb.From(
        from seed in Gen.Choose(0, 1_000_000)
        from quantity in Gen.Choose(1, 5)
        from limit in Gen.Choose(1, 3)
        from price in Gen.Choose(1, 2)
        from window in Gen.Choose(1, 12)
        from opening in Gen.Elements(0, 0, 0, 2)
        from closing in Gen.Frequency((4, Gen.Constant<int?>(null)), (1, Gen.Choose(20, 60).Select(at => (int?)at)))
        from crowd in Gen.Choose(0, 10)
        from first in Gen.OneOf(Claims(), Pays()).ListOf(crowd)
        from length in Gen.Choose(0, 40)
        from steps in Steps().ListOf(length)
        select new LifeHistory(
            seed, new LifeTerms(quantity, limit, price, window, opening, closing), [.. first, .. steps]),
        Smaller);

    private static Gen<LifeStep> Steps() => Gen.Frequency(
        (30, Claims()),
        (12, from order in Orders() from twice in Sometimes() select Step(new LifeStep.Cancel(order, twice))),
        (20, Pays()),
        (16, Moneys()),
        (4, Orders().Select(order => Step(new LifeStep.TwoMoneys(order)))),
        (14, Payments().Select(payment => Step(new LifeStep.Fail(payment)))),
        (5, Payments().Select(payment => Step(new LifeStep.Refunded(payment)))),
        (10, Gen.Choose(1, 4).Select(ticks => Step(new LifeStep.Wait(ticks)))),
        (4, Turns()),
        (4, Replenishments()),
        (4, Edits()),
        (1, Gen.Constant(Step(new LifeStep.Restart()))));

    private static Gen<LifeStep> Claims() =>
        from order in Orders()
        from units in Gen.Elements(1, 1, 1, 2, 3)
        select Step(new LifeStep.Claim(order, units));

    private static Gen<LifeStep> Pays() =>
        from order in Orders()
        from twice in Sometimes()
        select Step(new LifeStep.Pay(order, twice));

    private static Gen<LifeStep> Turns() =>
        from to in Gen.Frequency(
            (6, Gen.Constant(SaleMode.Paused)), (8, Gen.Constant(SaleMode.Active)), (1, Gen.Constant(SaleMode.Closed)))
        select Step(new LifeStep.Turn(to));

    private static Gen<LifeStep> Replenishments() =>
        from units in Gen.Choose(1, 3)
        from request in Gen.Choose(0, 2)
        select Step(new LifeStep.Replenish(units, request));

    private static Gen<LifeStep> Moneys() =>
        from payment in Payments()
        from isOfAnother in Gen.Frequency((12, Gen.Constant(false)), (1, Gen.Constant(true)))
        from another in Orders()
        from isRight in Gen.Frequency((8, Gen.Constant(true)), (1, Gen.Constant(false)))
        select Step(new LifeStep.Money(payment, isOfAnother ? another : payment.Order, isRight));

    private static Gen<LifeStep> Edits() =>
        from term in Gen.Elements(Enum.GetValues<Term>())
        from value in Gen.Choose(1, 4)
        from isStale in Sometimes()
        select Step(new LifeStep.Edit(term, value, isStale));

    /// <summary>Mostly a buyer's first order, so that steps often meet what earlier ones have made.</summary>
    private static Gen<OrderRef> Orders() =>
        from buyer in Gen.Elements(0, 0, 1, 1, 2)
        from key in Gen.Elements(0, 0, 0, 0, 0, 0, 1, 1, 2, 3)
        select new OrderRef(buyer, key);

    private static Gen<PaymentRef> Payments() =>
        from order in Orders()
        from attempt in Gen.Frequency(
            (2, Gen.Constant(0)), (10, Gen.Constant(1)), (4, Gen.Constant(2)), (1, Gen.Constant(3)))
        select new PaymentRef(order, attempt);

    private static Gen<bool> Sometimes() => Gen.Elements(false, false, false, true);

    private static LifeStep Step(LifeStep step) => step;

    /// <summary>
    /// With a shorter payment window, which needs fewer steps to end; without a half, a quarter and so on of its steps,
    /// and then without each one.
    /// </summary>
    private static IEnumerable<LifeHistory> Smaller(LifeHistory history)
    {
        if (history.Terms.Window > 1)
        {
            yield return history with { Terms = history.Terms with { Window = 1 } };
        }

        for (var part = history.Steps.Count / 2; part >= 1; part /= 2)
        {
            for (var from = 0; from < history.Steps.Count; from += part)
            {
                yield return history with
                {
                    Steps = [.. history.Steps.Take(from), .. history.Steps.Skip(from + part)],
                };
            }
        }
    }
}
