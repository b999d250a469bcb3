namespace Doorbuster.Simulation.Mutants;

/// <content>Guards of several nodes whose gate is the store itself.</content>
/// <remarks>
/// Not here are those that stand behind others. A replay of what was not written finds no order in the store, and is
/// told as unknown; late money that asks no longer is a replay by the one rule, too. And nobody but a watcher of the
/// clock could see that what time alone decides is looked at under the lock: who was told nothing before is told the
/// truth of that moment. Who has lost the store and sells all the same is found out by the gate in memory, which then
/// shuts the sale and says <c>busy</c>, as it should. The tests of the gate have them.
/// </remarks>
internal static partial class MutantList
{
    private static IEnumerable<Mutant> OfTheDatabase() => new[]
    {
        OfTheStoreAsGate(), OfTrials(), OfTheStoresTransactions(),
    }.SelectMany(some => some).Select(mutant => mutant with { World = WorldKind.Database });

    private static IEnumerable<Mutant> OfTheStoreAsGate() =>
    [
        new("a transaction of unknown end is judged again", Engine + "Claims/StoreGate.cs",
            "receipt.Status == CommitStatus.Unknown && trial.Granted is not null)",
            "receipt.Status == CommitStatus.Unknown && trial.Granted is null)"),
        new("who was too slow is judged again", Engine + "Claims/StoreGate.cs",
            "else if (receipt.IsChanged(batch.Sale))", "else if (false)"),
        new("what a failed transaction granted is taken back", Engine + "Claims/StoreGate.cs",
            "if (receipt.Status == CommitStatus.Failed)", "if (false)"),
        new("who was too slow too often is told to come again", Engine + "Claims/StoreGate.cs",
            "                GiveUp(open, trials);\n", ""),
        new("a node looks whether units are back", Engine + "SharedSaleOffice.cs",
            "        See(glances);\n", ""),
    ];

    private static IEnumerable<Mutant> OfTrials() =>
    [
        new("a refusal that came of what was not written is no refusal", Engine + "Claims/StoreTrial.cs",
            "Outcome.Admitted or Outcome.BuyerLimit or Outcome.SoldOut or Outcome.Insufficient => true,",
            "Outcome.Admitted => true,"),
        new("a lost grant is not told of another's order", Engine + "Claims/StoreTrial.cs",
            "_stood.TryGetValue(granted.Id.Key, out var at) && at == granted.ReservedAt;",
            "_stood.ContainsKey(granted.Id.Key);"),
        new("what may have been written is told as unknown", Engine + "Claims/StoreTrial.cs",
            "unknown.Has(order) ? ClaimAnswer.Unknown : ClaimAnswer.Busy;", "ClaimAnswer.Busy;"),
        new("a buyer's orders are counted once", Engine + "Claims/StoreTrial.cs",
            "rest[buyer] = (units - order.Quantity, orders - 1);", "rest[buyer] = (units, orders);"),
    ];

    private static IEnumerable<Mutant> OfTheStoresTransactions() =>
    [
        new("a version is compared before it is written", Disk + "GateSession.cs",
            "isLate || versions[row.Sale.Id] != (row.Version, row.Epoch)", "isLate"),
        new("a transaction reads the orders under its claims' ids", Disk + "DurableStore.Gate.cs",
            "claims.Select(claim => claim.Order.Key).Distinct()", "claims.Select(claim => claim.Order.Key).Take(0)"),
    ];
}
