using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Shared;

/// <summary>Nodes whose shared gate is lost while they sell: they open it anew, and tell buyers the truth.</summary>
public sealed class SharedRebuildTests
{
    [Fact]
    public void F03_a_gate_that_is_damaged_is_opened_anew_and_nobody_is_forgotten() => SharedWorld.Tell(async world =>
    {
        var api = await world.StartAsync(NodeRoles.Api);
        var worker = await world.StartAsync(NodeRoles.Worker);
        var sale = await SharedWorld.CreateAsync(api, quantity: 3);
        var anna = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
        world.Gate.Damage(sale.Id);
        var bert = await SharedWorld.ClaimAsync(api, sale, "bert");
        Assert.Equal(Outcome.SaleUnknown, bert.Outcome);

        await world.UntilAsync("the gate is open again", async () =>
            (await world.Gate.LookAsync(sale.Id, CancellationToken.None)) is { Standing: GateStanding.Open, Epoch: 2 });

        await world.UntilAsync(worker, anna, OrderStatus.Reserved);
        Assert.Equal(Outcome.Admitted, (await SharedWorld.ClaimAsync(api, sale, "bert")).Outcome);
        await world.AuditAsync(sale, available: 1);
    });

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void F05_a_gate_whose_epoch_is_known_to_be_over_refuses_nobody(int quantity, bool hasMark) =>
        SharedWorld.Tell(async world =>
        {
            var node = await world.StartAsync();
            var sale = await SharedWorld.CreateAsync(node, quantity);
            var anna = (await SharedWorld.ClaimAsync(node, sale, "anna")).Order!;
            await world.UntilAsync(node, anna, OrderStatus.Reserved);
            Assert.True(node.Catalog.TryFind("drop", out var listing));
            await world.UntilAsync("somebody was refused", async () => quantity > 1
                || ((await SharedWorld.ClaimAsync(node, sale, "bert")).Outcome == Outcome.SoldOut
                    && (listing.Mark.IsFilled || !hasMark)));

            await OpenElsewhereAsync(world, sale);

            var bert = await SharedWorld.ClaimAsync(node, sale, "bert");
            var again = await SharedWorld.ClaimAsync(node, sale, "anna");
            Assert.Equal(quantity == 1 ? Outcome.StaleEpoch : null, bert.Outcome);
            Assert.Equal((Outcome.Replayed, anna.Id), (again.Outcome, again.Order?.Id));
            await world.UntilAsync("bert was told", async () => (await SharedWorld.ClaimAsync(node, sale, "bert"))
                is { Outcome: Outcome.SoldOut } or { Order.Status: OrderStatus.Reserved or OrderStatus.Rejected });
        });

    [Fact]
    public void F05_who_is_told_that_a_gate_took_a_claim_after_its_epoch_hears_that_it_was_lost() =>
        SharedWorld.Tell(async world =>
        {
            var api = await world.StartAsync(NodeRoles.Api);
            var sale = await SharedWorld.CreateAsync(api, quantity: 3);
            await OpenElsewhereAsync(world, sale);
            Assert.Null((await SharedWorld.ClaimAsync(api, sale, "bert")).Outcome);
            var bert = (await SharedWorld.ClaimAsync(api, sale, "bert")).Order!;
            Assert.Equal(OrderStatus.Queued, bert.Status);

            world.Gate.Delete(sale.Id, [.. world.Gate.LogOf(sale.Id).Select(entry => entry.Id)]);

            await world.UntilAsync("the store has the rejection", () => ValueTask.FromResult(
                world.Store.Find(bert.Id) is [{ Rejection: RejectionReason.AdmissionLost }]));
        });

    [Fact]
    public void F05_who_asks_for_their_orders_is_not_shown_those_of_a_gate_whose_epoch_is_over() =>
        SharedWorld.Tell(async world =>
        {
            var node = await world.StartAsync();
            var sale = await SharedWorld.CreateAsync(node, quantity: 3);
            var anna = (await SharedWorld.ClaimAsync(node, sale, "anna")).Order!;
            await world.UntilAsync(node, anna, OrderStatus.Reserved);
            Assert.Equal([anna.Id], (await OfAnnaAsync()).Select(order => order.Id));

            await OpenElsewhereAsync(world, sale);

            Assert.IsType<GateUnavailableException>(await SharedWorld.FaultAsync(OfAnnaAsync));
            await world.UntilAsync("her orders can be shown", async () =>
                await SharedWorld.FaultAsync(OfAnnaAsync) is null);
            Assert.Equal([anna.Id], (await OfAnnaAsync()).Select(order => order.Id));

            async Task<IReadOnlyList<Order>> OfAnnaAsync()
            {
                Assert.True(node.Catalog.TryFind("drop", out var listing));
                return await node.Finder.OfBuyerAsync(listing, anna.Buyer, ids => ids, CancellationToken.None);
            }
        });

    [Fact]
    public void F05_a_gate_that_takes_no_closing_over_does_not_keep_a_node_from_hearing_of_epochs() =>
        SharedWorld.Tell(async world =>
        {
            var node = await world.StartAsync();
            var over = Samples.Sale("over") with { ClosesAt = world.Clock.GetUtcNow().AddSeconds(1) };
            Assert.Equal(SaleCreation.Created, await node.Office.CreateAsync(over, CancellationToken.None));
            var sale = await SharedWorld.CreateAsync(node);
            world.Gate.IsAway = true;
            await world.UntilAsync("its closing waits for the gate", () => ValueTask.FromResult(
                node.Catalog.TryFind("over", out var closing) && closing.Sale.Mode == SaleMode.Closed));

            Assert.NotNull(await world.Store.RaiseAsync(sale.Id, 1, 2, "elsewhere", CancellationToken.None));
            await world.PassAsync(2 * (int)SharedSaleOffice.Pause.TotalMilliseconds);

            Assert.True(node.Catalog.TryFind("drop", out var listing));
            Assert.True(listing.StoreEpoch > 1);
        });

    [Fact]
    public void A_store_that_was_restored_has_an_earlier_epoch_and_its_gate_is_believed_again() =>
        SharedWorld.Tell(async world =>
        {
            var node = await world.StartAsync();
            var sale = await SharedWorld.CreateAsync(node, quantity: 3);
            await OpenElsewhereAsync(world, sale);
            Assert.Null((await SharedWorld.ClaimAsync(node, sale, "bert")).Outcome);

            await world.Store.RaiseAsync(sale.Id, 2, 1, "restored", CancellationToken.None);
            await world.PassAsync(2 * (int)SharedSaleOffice.Pause.TotalMilliseconds);

            Assert.Equal(Outcome.Admitted, (await SharedWorld.ClaimAsync(node, sale, "carl")).Outcome);
        });

    [Fact]
    public void I4_a_claim_that_was_lost_with_its_gate_is_found_by_the_node_that_had_queued_it() =>
        SharedWorld.Tell(async world =>
        {
            var api = await world.StartAsync(NodeRoles.Api);
            var sale = await SharedWorld.CreateAsync(api, quantity: 3);
            var anna = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
            world.Gate.Delete(sale.Id, [.. world.Gate.LogOf(sale.Id).Select(entry => entry.Id)]);
            world.Gate.Damage(sale.Id);

            await world.UntilAsync("the store has the rejection", () => ValueTask.FromResult(
                world.Store.Find(anna.Id) is [{ Rejection: RejectionReason.AdmissionLost }]));

            await world.UntilAsync(api, anna, OrderStatus.Rejected);
            await world.AuditAsync(sale, available: 3);
        });

    [Fact]
    public void I4_who_was_told_that_a_claim_was_lost_is_told_so_again_when_it_is_repeated_at_a_closed_sale() =>
        SharedWorld.Tell(async world =>
        {
            var (first, second) = (await world.StartAsync(NodeRoles.Api), await world.StartAsync());
            var sale = await SharedWorld.CreateAsync(first, quantity: 1);
            var anna = (await SharedWorld.ClaimAsync(first, sale, "anna")).Order!;
            await world.KillAsync(first);
            world.Gate.Delete(sale.Id, [.. world.Gate.LogOf(sale.Id).Select(entry => entry.Id)]);
            world.Gate.Damage(sale.Id);
            await world.UntilAsync("the gate is open again", async () =>
                (await SharedWorld.ClaimAsync(second, sale, "bert")).Outcome is Outcome.Admitted or Outcome.Replayed);
            await second.Office.ChangeAsync(sale.Id, new SaleChange.Close(), CancellationToken.None);

            // Nobody can tell this claim from a new one, which creates nothing; whoever holds the order's id is told.
            Assert.Equal(Outcome.Closed, (await SharedWorld.ClaimAsync(second, sale, "anna")).Outcome);
            Assert.Equal(
                RejectionReason.AdmissionLost, (await SharedWorld.ReadAsync(second, anna))?.Rejection);

            await world.AuditAsync(sale, available: 0);
            var again = await SharedWorld.ClaimAsync(second, sale, "anna");
            Assert.Equal(
                (Outcome.Replayed, anna.Id, RejectionReason.AdmissionLost),
                (again.Outcome, again.Order?.Id, again.Order?.Rejection));
            Assert.Equal(Outcome.Closed, (await SharedWorld.ClaimAsync(second, sale, "carl")).Outcome);
        });

    [Fact]
    public void F19_who_closes_a_sale_whose_gate_is_missing_is_not_told_so_while_a_late_opening_could_sell_it() =>
        SharedWorld.Tell(async world =>
        {
            var node = await world.StartAsync();
            var sale = await SharedWorld.CreateAsync(node);
            world.Gate.Empty();

            await node.Office.ChangeAsync(sale.Id, new SaleChange.Close(), CancellationToken.None);
            await world.OpenLateAsync(sale);

            Assert.Equal(Outcome.Closed, (await SharedWorld.ClaimAsync(node, sale, "anna")).Outcome);
            await world.AuditAsync(sale, available: sale.Quantity);
        });

    /// <summary>
    /// A node at an old primary opens that one's gate anew, nobody here gets a turn at this one for a while, and every
    /// node has seen the store's epoch.
    /// </summary>
    private static async Task OpenElsewhereAsync(SharedWorld world, Sale sale)
    {
        var life = TimeSpan.FromSeconds(5);
        await world.Leases.TakeAsync(Rebuilder.LeaseOf(sale.Id), "far", life, CancellationToken.None);
        Assert.NotNull(await world.Store.RaiseAsync(sale.Id, 1, 2, "elsewhere", CancellationToken.None));
        await world.PassAsync(2 * (int)SharedSaleOffice.Pause.TotalMilliseconds);
    }
}
