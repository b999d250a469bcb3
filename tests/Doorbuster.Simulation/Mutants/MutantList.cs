namespace Doorbuster.Simulation.Mutants;

/// <summary>Every guard that the simulation takes out, one at a time.</summary>
internal static partial class MutantList
{
    private const string Engine = "src/Doorbuster/";
    private const string Disk = "tests/Doorbuster.Simulation/Storage/";

    public static readonly IReadOnlyList<Mutant> All =
    [
        .. OfTheDecision(), .. OfTheGate(), .. OfOrders(), .. OfMoney(), .. OfSales(), .. OfTheStore(),
        .. OfBugsThatWereFound(), .. OfNodes(), .. OfTheDatabase(),
    ];

    private static IEnumerable<Mutant> OfTheDecision() =>
    [
        new("replay first", Engine + "Decision.cs",
            "        if (buyer.TryFind(claim.Order.Key, out var standing))\n        {",
            "        if (Window(sale, judge) is null && buyer.TryFind(claim.Order.Key, out var standing))\n        {"),
        new("a used key keeps its quantity", Engine + "Admission/ClaimDesk.cs",
            "=> order.Quantity == claim.Quantity || order.Quantity == 0;", "=> true;"),
        new("the buyer's limit", Engine + "Decision.cs",
            "(long)buyer.Held + claim.Quantity > sale.PerBuyerLimit ? Outcome.BuyerLimit",
            "claim.Quantity > sale.PerBuyerLimit ? Outcome.BuyerLimit"),
        new("the limit counts paid orders", Engine + "Order.cs",
            "Status is OrderStatus.Reserved or OrderStatus.Paid ? Quantity : 0",
            "Status is OrderStatus.Reserved ? Quantity : 0"),
        new("no more than is left", Engine + "Decision.cs",
            ": available < claim.Quantity ? Outcome.Insufficient\n", ""),
        new("nothing is left", Engine + "Decision.cs",
            ": available <= 0 ? Outcome.SoldOut\n        : available < claim.Quantity ? Outcome.Insufficient\n", ""),
        new("pause and close", Engine + "Decision.cs",
            ": sale.Mode == SaleMode.Paused ? Outcome.Paused\n", ""),
        new("the mark hides no order", Engine + "Admission/SoldOutMark.cs",
            "View.Available == 0 && !_known.MayContain(order.High) && !_known.MayContain(BuyerHash.Of(buyer.Utf8));",
            "View.Available == 0;"),
        new("an expired token still replays", Engine + "Admission/ClaimDesk.cs",
            "new Claim(order, buyer, quantity, IsReplay: true)", "new Claim(default, buyer, quantity, IsReplay: true)"),
        new("an order id proves its buyer", Engine + "OrderIdMint.cs",
            "return id.Sale == _sale && ", "return true || "),
    ];

    private static IEnumerable<Mutant> OfTheGate() =>
    [
        new("decisions are provisional", Engine + "Claims/InMemoryGate.cs",
            "                decision.Sale.Discard(decision);\n            }\n            else if (receipt.Status == "
            + "CommitStatus.Unknown)",
            "                decision.Sale.Accept(decision);\n            }\n            else if (receipt.Status == "
            + "CommitStatus.Unknown)"),
        new("an unknown commit is read back", Engine + "Claims/InMemoryGate.cs",
            "else if (receipt.Status == CommitStatus.Failed || receipt.IsChanged(",
            "else if (receipt.Status != CommitStatus.Committed || receipt.IsChanged("),
        new("what is read back counts", Engine + "Claims/GateSale.cs",
            "decision.Stood = standing.Count > 0;", "decision.Stood = true;"),
        new("nothing is admitted beside an unknown commit", Engine + "Claims/GateSale.cs",
            "public void Suspend(GateDecision decision) => Unsettled = decision;",
            "public void Suspend(GateDecision decision) => _ = decision;"),
        new("an unknown commit is asked about though nobody claims", Engine + "Claims/Lane.cs",
            "if (WillAsk(claim.Listing, claim.Claim with { IsReplay = true, Revival = null }))\n        {",
            "if (false)\n        {"),
        new("refusals that came of a lost commit", Engine + "Claims/GateSale.cs",
            "Outcome.Admitted or Outcome.BuyerLimit or Outcome.SoldOut or Outcome.Insufficient => true,",
            "Outcome.Admitted => true,"),
        new("a release frees once", Engine + "Holdings.cs",
            "        held = held with { Quantity = 0 };\n        return freed;", "        return freed;"),
        new("a release by id, of its turn", Engine + "Holdings.cs", "if (held.Turn > turn)", "if (false)"),
        new("a release that comes early waits", Engine + "Claims/GateSale.cs",
            "_endedEarly[release.Order.Key] = release.Turn;", ""),
        new("the gate takes higher revisions alone", Engine + "Claims/GateSale.cs",
            "if (sale.Revision <= _sale.Revision)\n            {",
            "if (sale.Revision == _sale.Revision)\n            {"),
        new("the gate takes an operator's change", Engine + "SaleOffice.cs",
            "await ApplyAsync(listing, answer.Sale, cancellationToken);\n            return answer;", "return answer;"),
    ];

    private static IEnumerable<Mutant> OfOrders() =>
    [
        new("a paid order does not expire", Engine + "Orders/OrderRule.cs",
            "OrderStatus.Reserved when order.ExpiresAt <= now",
            "OrderStatus.Reserved or OrderStatus.Paid when order.ExpiresAt <= now"),
        new("a paid order is not cancelled", Engine + "Orders/OrderRule.cs",
            "OrderStatus.Reserved => Done(Next(order) with { Status = OrderStatus.Cancelled }),",
            "OrderStatus.Reserved or OrderStatus.Paid => Done(Next(order) with { Status = OrderStatus.Cancelled }),"),
        new("each transition raises the revision", Engine + "Orders/OrderRule.cs",
            "private static Order Next(Order order) => order with { Revision = order.Revision + 1 };",
            "private static Order Next(Order order) => order;"),
        new("units go back to the gate", Engine + "Orders/Aftermath.cs",
            "if (order.Held == 0)\n            {", "if (false)\n            {"),
        new("an unknown batch of changes is found out", Engine + "Orders/OrderQueue.cs",
            "await FindOutAsync(commands, cancellationToken);", ""),
        new("what stands ended is released again", Engine + "Orders/Aftermath.cs",
            "answer.Outcome is CommandOutcome.Unknown or CommandOutcome.Refused",
            "answer.Outcome is not CommandOutcome.Done"),
        new("buyers are told", Engine + "Orders/Aftermath.cs", "notifier?.OrdersChanged(changed);", ""),
    ];

    private static IEnumerable<Mutant> OfMoney() =>
    [
        new("money is recorded once a payment", Engine + "Orders/OrderRule.cs",
            "if (payment is { IsCaptured: true })", "if (false)"),
        new("the amount is the order's", Engine + "Orders/OrderRule.cs",
            ": order.Amount != capture.Amount ? RefundReason.AmountDiffers\n", ""),
        new("an order is paid once", Engine + "Orders/OrderRule.cs",
            "OrderStatus.Paid => RefundReason.AlreadyPaid,", "OrderStatus.Paid => null,"),
        new("a cancelled order is not paid", Engine + "Orders/OrderRule.cs",
            "OrderStatus.Cancelled => RefundReason.OrderCancelled,", "OrderStatus.Cancelled => null,"),
        new("late money asks the gate for its units", Engine + "Orders/OrderRule.cs",
            "if (order!.Status == OrderStatus.Expired)", "if (false)"),
        new("late money keeps to the limit", Engine + "Decision.cs",
            "                : Room(sale, available, buyer, claim);\n        }",
            "                : available < claim.Quantity ? Outcome.SoldOut : Outcome.Admitted;\n        }"),
        new("money without units goes back", Engine + "Payments/Settlement.cs",
            "await RefuseAsync(payment, RefundReason.NoUnitsLeft, cancellationToken);", ""),
        new("a refund is asked for", Engine + "Payments/Settlement.cs",
            "if (provider is null || await AskAsync(provider, payment, cancellationToken) == RefundReceipt.Accepted)",
            "if (provider is null)"),
        new("a refund is noted when it is done", Engine + "Payments/Settlement.cs",
            " == RefundReceipt.Accepted)", " < 0)"),
        new("an event is signed", Engine + "Payments/WebhookKeys.cs",
            "return IsSigned(Signed(id, timestamp, body), signatures) ? WebhookCheck.Genuine : WebhookCheck.Forged;",
            "return WebhookCheck.Genuine;"),
        new("a refund that fails is asked for again", Engine + "Payments/Settlement.cs",
            "catch (Exception fault) when (fault is PaymentProviderException)\n        {\n"
            + "            Postpone(payment);",
            "catch (Exception fault) when (fault is PaymentProviderException)\n        {\n"
            + "            _postponed[payment.Id] = (0, clock.GetTimestamp(), TimeSpan.FromDays(1));"),
    ];

    private static IEnumerable<Mutant> OfSales() =>
    [
        new("a replenishment adds once", Engine + "SaleRule.cs",
            "SaleChange.Replenish again when replenished is { } before =>",
            "SaleChange.Replenish again when replenished is { } before && before < 0 =>"),
        new("a replenishment adds its quantity", Engine + "Claims/GateSale.cs",
            "var more = sale.Quantity - _sale.Quantity;", "var more = 0;"),
        new("a closed sale takes no change", Engine + "SaleRule.cs",
            "_ when isClosed => new SaleChangeAnswer(SaleChangeOutcome.Closed, sale),", ""),
        new("an unknown change is caught up with", Engine + "SaleOffice.cs",
            "await CatchUpAsync(cancellationToken);", ""),
    ];

    private static IEnumerable<Mutant> OfTheStore() =>
    [
        new("an order's transition gives its units back", Disk + "DurableSale.cs",
            "Ended(before) - Ended(after),", "0,"),
        new("a commit is held against the operator's last change", Disk + "DurableSale.cs",
            "admissions.Revision != Sale.Revision;", "false;"),
        new("a commit is held against the count of admissions", Disk + "DurableSale.cs",
            "admissions.Before == Admitted && ", ""),
        new("who has lost the store changes nothing", Disk + "StoreSession.cs",
            "isFenced = store.Owner != _owner;", "isFenced = false;"),
        new("a take-over reads every order", Disk + "DurableSale.cs",
            "foreach (var order in _orders)\n        {\n            holdings.Add",
            "foreach (var order in _orders.Skip(1))\n        {\n            holdings.Add"),
    ];

    private static IEnumerable<Mutant> OfBugsThatWereFound() =>
    [
        new("a sale created unknown is opened", Engine + "SaleOffice.cs",
            "_unborn[sale.Id.ToString()] = sale.Id;", ""),
        new("late money's unknown commit is asked about", Engine + "Claims/Lane.cs",
            "if (WillAsk(claim.Listing, claim.Claim with { IsReplay = true, Revival = null }))\n        {",
            "if (claim.Claim.Revival is null\n            "
            + "&& WillAsk(claim.Listing, claim.Claim with { IsReplay = true, Revival = null }))\n        {"),
        new("a question about a revived order is no replay", Engine + "Claims/GateSale.cs",
            ": unsettled.Admissions.Ids.Contains(claim.Order) ? ClaimAnswer.Unknown\n"
            + "                : Stands(claim) ? new ClaimAnswer(Outcome.Replayed)",
            ": Stands(claim) ? new ClaimAnswer(Outcome.Replayed)\n"
            + "                : unsettled.Admissions.Ids.Contains(claim.Order) ? ClaimAnswer.Unknown"),
        new("an operator is shown what stands though the gate has shut the sale", Engine + "SaleOffice.cs",
            "        listing.Update(sale);\n", "        if (view is not null)\n            listing.Update(sale);\n"),
        new("units that are being added are no difference", Engine + "Reconciliation/Auditor.cs",
            "Suspects.UnionWith(OfSums());", "_differences.AddRange(OfSums());"),
        new("an audit waits for what is in flight", Engine + "Reconciliation/Auditor.cs",
            "await Task.Delay(longestCommit, clock, cancellationToken);", ""),
        new("a buyer is told of a revived order", Engine + "Payments/Settlement.cs",
            "_untold.Add(order);", ""),
    ];
}
