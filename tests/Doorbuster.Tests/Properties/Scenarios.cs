using Doorbuster.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace Doorbuster.Tests.Properties;

/// <summary>Draws scenarios, and makes one that fails smaller by leaving things out.</summary>
internal static class Scenarios
{
    private static readonly Gen<string> Buyers = Gen.Elements("a", "b", "c", "d");

    public static Arbitrary<Scenario> Any { get; } = Arb.From(
        from sale in Sales()
        from judge in Judges(sale)
        from before in Orders().ListOf()
        from size in Gen.Choose(0, 20)
        from asks in Asks().ListOf(size)
        select new Scenario(sale, judge, [.. before.DistinctBy(order => (order.Buyer, order.Key))], [.. asks]),
        Smaller);

    /// <summary>Scenarios in which claims are decided on limit and stock: a gate, open, nothing in the way.</summary>
    public static Arbitrary<Scenario> Selling { get; } = Arb.From(
        from scenario in Any.Generator
        from available in Gen.Choose(0, 12)
        from limit in Gen.Choose(1, 8)
        select scenario with
        {
            Sale = new SaleFacts(1, available, limit, 64, Samples.Noon, null, SaleMode.Active),
            Judge = Judge.Gate(Samples.Noon),
            Before = [],
            Asks = [.. scenario.Asks.Select(ask => ask with { IsReplay = false })],
        },
        Smaller);

    private static Gen<SaleFacts?> Sales() =>
        from exists in Gen.Frequency((1, Gen.Constant(false)), (19, Gen.Constant(true)))
        from epoch in Gen.Choose(1, 2)
        from available in Gen.Frequency((1, Gen.Choose(-2, 0)), (4, Gen.Choose(1, 4)), (4, Gen.Choose(0, 12)))
        from limit in Gen.Choose(1, 8)
        from kept in Gen.Elements(1, 2, 3, 64)
        from opens in Minutes()
        from closes in Gen.Frequency((3, Gen.Constant<int?>(null)), (1, Minutes().Select(minute => (int?)minute)))
        from mode in Gen.Frequency((8, Gen.Constant(SaleMode.Active)), (2, Gen.Elements(Enum.GetValues<SaleMode>())))
        select exists ? new SaleFacts(epoch, available, limit, kept, At(opens), closes is { } m ? At(m) : null, mode)
            : (SaleFacts?)null;

    private static Gen<Judge> Judges(SaleFacts? sale) =>
        from store in Gen.Elements(true, false, false)
        from late in Gen.Elements(0, 0, 0, 1, 3)
        from minute in Minutes()
        from inWindow in Gen.Elements(true, true, false)
        from behind in Gen.Elements(true, false, false, false, false)
        from epoch in Gen.Elements<long?>(null, null, 1, 2)
        let now = inWindow ? (sale?.OpensAt ?? Samples.Noon).AddMinutes(late) : At(minute)
        select store ? Judge.Store(epoch ?? 1) : Judge.Gate(now, behind, epoch);

    private static Gen<EarlierOrder> Orders() =>
        from buyer in Buyers
        from key in Gen.Choose(0, 3)
        from units in Gen.Choose(1, 4)
        from ended in Gen.Elements(true, false, false)
        select new EarlierOrder(buyer, key, units, ended);

    private static Gen<Ask> Asks() =>
        from buyer in Buyers
        from key in Gen.Choose(0, 5)
        from units in Gen.Frequency((12, Gen.Constant(1)), (12, Gen.Choose(1, 5)), (1, Gen.Constant(int.MaxValue)))
        from isReplay in Gen.Elements(true, false, false, false, false, false)
        select new Ask(buyer, key, units, isReplay);

    private static Gen<int> Minutes() => Gen.Choose(-3, 3);

    private static DateTimeOffset At(int minute) => Samples.Noon.AddMinutes(minute);

    private static IEnumerable<Scenario> Smaller(Scenario scenario) =>
        Without(scenario.Asks).Select(asks => scenario with { Asks = asks })
            .Concat(Without(scenario.Before).Select(before => scenario with { Before = before }));

    private static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> list) =>
        Enumerable.Range(0, list.Count).Select(place => (IReadOnlyList<T>)[.. list.Where((_, i) => i != place)]);
}
