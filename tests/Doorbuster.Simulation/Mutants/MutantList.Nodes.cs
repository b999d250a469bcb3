namespace Doorbuster.Simulation.Mutants;

/// <content>Guards of several nodes that share a gate and a store.</content>
/// <remarks>
/// Some stand behind others, so that none of them alone is missed, and are not here. Units of an order that has ended
/// go back when its claim comes again: the gate hears of the end by a release too, or has it in its snapshot. A gate is
/// replaced by a higher epoch alone, and by buyers of whom all were loaded, since nobody was there before: every
/// rebuild fences what was before it, and whoever loads begins anew unless each part was answered. A dead letter is not
/// found to be lost: the gate holds its units, or had no room for it, and then it is rejected anyway. Of others the
/// moment is too rare for some hundred seeds: that a snapshot is given to a gate once, that an epoch is raised from the
/// one that was read, that an order which comes to stand meanwhile is asked for again, that a sale with dead letters
/// does not end, that a shared mark refuses by the gate's own word, that a batch is not refused by a gate whose epoch
/// is over, and that a gate frees nothing that an earlier one took for late money (seeds 801474 and 817109 showed it
/// while letters of refused payments still held units; none of 38,000 has since).
/// </remarks>
internal static partial class MutantList
{
    private const string Reference = "tests/Doorbuster.Conformance/";

    private static IEnumerable<Mutant> OfNodes() => new[]
    {
        OfFulfilment(), OfTheLog(), OfRebuilds(), OfTheSharedGate(), OfTheSharedStore(), OfMarksAndFinding(), OfEnds(),
    }.SelectMany(some => some).Select(mutant => mutant with { World = WorldKind.Nodes });

    private static IEnumerable<Mutant> OfFulfilment() =>
    [
        new("a claim is committed under the epoch that it carries", Engine + "Fulfilment/FulfilmentRule.cs",
            "facts, Doorbuster.Judge.Store(entry.Epoch),", "facts, Doorbuster.Judge.Store(sale.Epoch),"),
        new("a claim that stands is a replay", Engine + "Fulfilment/FulfilmentRule.cs",
            "        if (Find(claim.Order.Key) is { } order)\n        {\n            // Units",
            "        if (Find(claim.Order.Key) is { Held: > 0 } order)\n        {\n            // Units"),
        new("a letter is not lost by an old copy of its claim", Engine + "Fulfilment/FulfilmentRule.cs",
            "out var epoch) && epoch > entry.Epoch;", "out var epoch) && epoch < 0;"),
        new("units of a rejected claim go back", Engine + "Fulfilment/FulfilmentRule.cs",
            "return Make(claim, order) with { GivesBack = !hasDrifted, HasDrifted = hasDrifted };",
            "return Make(claim, order) with { HasDrifted = hasDrifted };"),
        new("a bad claim is found by halving", Engine + "Fulfilment/Fulfiller.cs",
            "        var (first, second) = Halve(entries);\n        await FulfilAsync(first, cancellationToken);\n",
            "        var (_, second) = Halve(entries);\n"),
        new("what waits for too long is given up", Engine + "Reconciliation/DeadLetterDesk.cs",
            "                await GiveUpAsync(cancellationToken);\n", ""),
    ];

    private static IEnumerable<Mutant> OfTheLog() =>
    [
        new("an entry is acknowledged after it stands", Engine + "Fulfilment/LogWorker.cs",
            "                await fulfiller.FulfilAsync(portion, cancellationToken);\n"
            + "                await reader.AcknowledgeAsync(portion, cancellationToken);",
            "                await reader.AcknowledgeAsync(portion, cancellationToken);\n"
            + "                await fulfiller.FulfilAsync(portion, cancellationToken);"),
        new("a delivery is acknowledged after it stands", Engine + "Fulfilment/TransportWorker.cs",
            "            await fulfiller.FulfilAsync(entries, cancellationToken);\n",
            "            try { await log.AcknowledgeAsync(entries, cancellationToken); }\n"
            + "            catch (ClaimLogUnavailableException) { }\n"
            + "            await fulfiller.FulfilAsync(entries, cancellationToken);\n"),
        new("what a dead reader had is taken over", Engine + "Dispatch/LogReader.cs",
            "if (IsDue(ref _tookOverAt, options.TakeOverAfter / 2)",
            "if (false && IsDue(ref _tookOverAt, options.TakeOverAfter / 2)"),
        new("an entry is acknowledged by its epoch too", Reference + "InMemorySharedGate.cs",
            "entries.Contains((entry.Id, entry.Epoch))", "entries.Any(one => one.Id == entry.Id)"),
        new("a word is deleted once a gate has taken it", Engine + "Notification/Errand.cs",
            "return delivered.Concat(await RebuiltSinceAsync(",
            "return entries.Select(entry => entry.Id).Concat(await RebuiltSinceAsync("),
    ];

    private static IEnumerable<Mutant> OfRebuilds() =>
    [
        new("the log is committed before the epoch is raised", Engine + "Reconciliation/GateRebuild.cs",
            "        await CommitLogAsync(store.Sale, cancellationToken);\n", ""),
        new("the gate is fenced before its log is committed", Engine + "Reconciliation/GateRebuild.cs",
            "        if (!await gate.FenceAsync(store.Sale, newest, cancellationToken))\n        {\n"
            + "            return null;\n        }\n",
            ""),
        new("a rebuild that nobody ended is begun anew", Engine + "Reconciliation/Rebuilder.cs",
            "GateStanding.Fenced => \"A rebuild of the gate was begun, and nobody ended it.\",",
            "GateStanding.Fenced => null,"),
        new("a damaged gate is rebuilt", Engine + "Reconciliation/Rebuilder.cs",
            "GateStanding.Damaged => \"Parts of the gate are gone or of another age, or its server is another one.\",",
            "GateStanding.Damaged => null,"),
        new("a gate of another epoch is rebuilt", Engine + "Reconciliation/Rebuilder.cs",
            "        _ when look.Epoch != store.Epoch => $\"The gate is of epoch {look.Epoch}, and the store of "
            + "{store.Epoch}.\",\n",
            ""),
        new("an operator is told of what the gate has taken over", Engine + "SharedSaleOffice.cs",
            "            await Task.Delay(ApplyPause, clock, cancellationToken);\n", "            return;\n"),
        new("a node hears that the epoch of a gate is over", Engine + "SharedSaleOffice.cs",
            "            listing?.StoreEpoch = glance.Epoch;\n", ""),
        new("a claim that the gate holds is not lost", Engine + "Reconciliation/LostClaims.cs",
            "held.Orders.Any(one => one.Key == order.Key && one.Quantity > 0)",
            "held.Orders.Any(one => one.Key == order.Key && one.Quantity < 0)"),
    ];

    private static IEnumerable<Mutant> OfTheSharedGate() =>
    [
        new("a deduction is logged", Reference + "SharedGateSale.cs",
            "            Log.Add(new AdmittedBatch(Terms.Id, NextEntry(), Epoch, Terms.Revision, _seen, admitted));\n",
            ""),
        new("a server that was away is not believed", Reference + "SharedGateSale.cs",
            ": IsDamaged || _openedIn != run() ?", ": IsDamaged ?"),
        new("what was fenced is not opened by what comes late", Reference + "SharedGateSale.cs",
            "=> epoch > Epoch && epoch > Fence;", "=> epoch > Epoch;"),
        new("a release is taken by a gate of its epoch", Reference + "SharedGateSale.cs",
            "return told <= Epoch;", "return true;"),
        new("a shared gate takes higher revisions alone", Reference + "SharedGateSale.cs",
            "if (sale.Revision > Terms!.Revision)", "if (sale.Revision != Terms!.Revision)"),
        new("a gate's snapshot has who holds what", Reference + "InMemorySharedGate.Server.cs",
            "sale.Open(snapshot with { Holdings = holdings });", "sale.Open(snapshot with { Holdings = new() });"),
    ];

    private static IEnumerable<Mutant> OfTheSharedStore() =>
    [
        new("a lost claim is lost under the store's own epoch", Disk + "DurableStore.Shared.cs",
            " && row.Epoch == epoch\n", "\n"),
        new("letters of the latest gate get their units first", Engine + "Reconciliation/BuriedClaims.cs",
            "letters.OrderByDescending(letter => letter.Epoch))", "letters)"),
        new("a dead letter is held by the gate that is opened anew", Disk + "DurableStore.Shared.cs",
            "_letters[_letters.IndexOf(letter)] = letter with { Entry = letter.Entry with { Epoch = to } };",
            "_ = to;"),
        new("the gate is told of an order that has ended", Disk + "DurableStore.Shared.cs",
            "            Tell(row, new Release(after.Id, after.Buyer, Turn: 0, row.Epoch));\n", ""),
    ];

    private static IEnumerable<Mutant> OfMarksAndFinding() =>
    [
        new("late money that was passed over asks again", Engine + "Payments/Settlement.cs",
            "case Outcome.Replayed when await WasPassedOverAsync(order, turn, cancellationToken):",
            "case Outcome.Replayed when turn < 0:"),
        new("a shared mark hides no order", Engine + "Admission/SoldOutMark.cs",
            "        && !scan.Known.MayContain(order.High) && !scan.Known.MayContain(BuyerHash.Of(buyer.Utf8))\n", ""),
        new("who asks for what was lost is told so", Engine + "Orders/OrderFinder.cs",
            "return lost is null || ", "return true || "),
    ];

    private static IEnumerable<Mutant> OfEnds() =>
    [
        new("who holds an order of a sale that is over is told so", Engine + "Reconciliation/GateOrStore.cs",
            "standing.Contains(claims[i].Order) ? Outcome.Replayed", "standing.Count < 0 ? Outcome.Replayed"),
        new("late money of a sale that is over asks the store", Engine + "Reconciliation/GateOrStore.cs",
            "? await ReviveAsync(claims[i], view, cancellationToken)", "? ClaimAnswer.Busy"),
        new("a lost claim of a sale that is over is found out about", Engine + "Reconciliation/GateOrStore.cs",
            "        ended.TryFind(sale, out var view)\n            ? new BuyerHoldings(view.Epoch, "
            + "(await StoredAsync(sale, [buyer], cancellationToken))[0])\n            : ",
            "        "),
        new("what a gate that is gone was to be told is dropped", Engine + "Notification/Errand.cs",
            "if (ended?.Has(sale) == true)", "if (false)"),
        new("a node hears that a sale is over", Engine + "SharedSaleOffice.cs",
            "            ended?.Note(glance);\n", ""),
        new("a gate goes for good only where its log is empty", Reference + "InMemorySharedGate.cs",
            "Terms.Mode: SaleMode.Closed, Log.Count: 0 }", "Terms.Mode: SaleMode.Closed }"),
    ];
}
