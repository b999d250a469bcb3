using FsCheck;
using FsCheck.Fluent;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Draws histories of a sale; one that fails is made smaller by leaving steps out.</summary>
internal static class TwinHistories
{
    private static readonly Gen<int> Buyers = Gen.Choose(0, 3);
    private static readonly Gen<int> Keys = Gen.Choose(0, 4);

    private static readonly Gen<TwinAsk> Asks =
        from buyer in Buyers
        from key in Keys
        from units in Gen.Frequency((12, Gen.Constant(1)), (12, Gen.Choose(1, 4)), (1, Gen.Constant(int.MaxValue)))
        from isReplay in Gen.Elements(true, false, false, false, false, false)
        from turn in Gen.Elements(0, 0, 0, 0, 0, 0, 1, 1, 2)
        select new TwinAsk(buyer, key, units, isReplay && turn == 0, turn);

    private static readonly Gen<TwinStep> Steps = Gen.Frequency(
        (12, from size in Gen.Choose(1, 10)
             from asks in Asks.ArrayOf(size)
             from others in Gen.Elements(0, 0, 1, 3)
             from beside in Asks.ArrayOf(others)
             select (TwinStep)new TwinStep.Claims(asks, beside)),
        (6, Gen.Choose(1, 5).SelectMany(size => Freed().ArrayOf(size))
            .SelectMany(freed => Epochs().Select(later => (TwinStep)new TwinStep.Releases(freed, later)))),
        (4, Terms()),
        (3, Gen.Choose(0, 25).Select(seconds => (TwinStep)new TwinStep.Turn(seconds))),
        (3, Gen.Choose(1, 3).Select(entries => (TwinStep)new TwinStep.Drain(entries))),
        (2, from later in Gen.Choose(0, 2) from ends in Keys select (TwinStep)new TwinStep.Reopen(later, ends)),
        (1, Gen.Choose(-1, 1).Select(later => (TwinStep)new TwinStep.Fence(later))),
        (1, Gen.Elements<TwinStep>(new TwinStep.Lose(), new TwinStep.Remove(0), new TwinStep.Remove(1))));

    public static Arbitrary<TwinStep[]> Any { get; } = Arb.From(
        Steps.ArrayOf(40),
        steps => Enumerable.Range(0, steps.Length).Select(i => steps.Where((_, place) => place != i).ToArray()));

    private static Gen<TwinFreed> Freed() =>
        from buyer in Buyers
        from key in Keys
        from turn in Gen.Elements(0, 0, 0, 1, 2)
        select new TwinFreed(buyer, key, turn);

    private static Gen<TwinStep> Terms() =>
        from revision in Gen.Elements(1, 1, 1, 0, -1)
        from more in Gen.Choose(0, 3)
        from mode in Gen.Elements(SaleMode.Active, SaleMode.Active, SaleMode.Active, SaleMode.Paused, SaleMode.Closed)
        from limit in Gen.Choose(1, 5)
        from opens in Gen.Elements(-1, -1, 0, 20)
        from closes in Gen.Elements<int?>(null, null, null, 10, 30)
        from later in Epochs()
        select (TwinStep)new TwinStep.Change(revision, more, mode, limit, opens, closes, later);

    private static Gen<int?> Epochs() => Gen.Elements<int?>(null, 0, 0, 0, -1, 1);
}
