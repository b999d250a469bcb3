namespace Doorbuster.Simulation.Mutants;

/// <content>Guards of several nodes that share a gate and a store.</content>
internal static partial class MutantList
{
    private static IEnumerable<Mutant> OfNodes() => new Mutant[]
    {
        new("a claim that stands is a replay", Engine + "Fulfilment/FulfilmentRule.cs",
            "        if (Find(claim.Order.Key) is { } order)\n        {\n            // Units",
            "        if (Find(claim.Order.Key) is { Held: > 0 } order)\n        {\n            // Units"),
        new("units of a rejected claim go back", Engine + "Fulfilment/FulfilmentRule.cs",
            "return Make(claim, order) with { GivesBack = !hasDrifted, HasDrifted = hasDrifted };",
            "return Make(claim, order) with { HasDrifted = hasDrifted };"),
    }.Select(mutant => mutant with { World = WorldKind.Nodes });
}
