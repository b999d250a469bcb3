using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Xunit;
using static Doorbuster.Tests.Shared.SharedWorld;

namespace Doorbuster.Tests.Shared;

/// <summary>Nodes over one store and one gate: claims are queued, and every node tells the same of them.</summary>
public sealed class SharedNodeTests
{
    private static CancellationToken Cancel => CancellationToken.None;

    [Fact]
    public void A_claim_is_queued_until_a_worker_has_made_an_order_of_it() => Tell(async world =>
    {
        var api = await world.StartAsync(NodeRoles.Api);
        var sale = await CreateAsync(api);

        var answer = await ClaimAsync(api, sale, "anna");
        var again = await ClaimAsync(api, sale, "anna");

        Assert.Equal((Outcome.Admitted, OrderStatus.Queued, 0), Shown(answer));
        Assert.Equal((Outcome.Replayed, OrderStatus.Queued, 0), Shown(again));
        Assert.Equal((OrderStatus.Queued, 1), Shown(await ReadAsync(api, answer.Order!)));
        Assert.Null(await api.Waits!.WaitAsync(answer.Order!.Id, TimeSpan.FromSeconds(1), Cancel));

        await world.StartAsync(NodeRoles.Worker);
        var order = await api.Waits.WaitAsync(answer.Order.Id, TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal((OrderStatus.Reserved, 1), Shown(order));
        Assert.Equal((Outcome.Replayed, OrderStatus.Reserved, 1), Shown(await ClaimAsync(api, sale, "anna")));
        await world.AuditAsync(sale, available: 9);
    });

    [Fact]
    public void Two_nodes_sell_exactly_what_there_is_and_nobody_twice() => Tell(async world =>
    {
        Node[] nodes = [await world.StartAsync(), await world.StartAsync()];
        var sale = await CreateAsync(nodes[0], quantity: 5);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(
            i => ClaimAsync(nodes[i % 2], sale, $"buyer-{i / 2}", key: $"k{i % 4 / 2}")));

        Assert.Equal(5, answers.Count(answer => answer.Outcome == Outcome.Admitted));
        await world.AuditAsync(sale, available: 0);
        var orders = world.Store.Contents(sale.Id).Orders;
        Assert.Equal(5, orders.Select(order => order.Buyer).Distinct().Count());
        Assert.All(orders, order => Assert.Equal(OrderStatus.Reserved, order.Status));
    });

    [Fact]
    public void A_retry_at_another_node_is_the_same_order() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first, quantity: 1);
        var order = (await ClaimAsync(first, sale, "anna")).Order!;
        await world.KillAsync(first);

        var again = await ClaimAsync(second, sale, "anna");

        Assert.Equal((Outcome.Replayed, order.Id), (again.Outcome, again.Order?.Id));
        Assert.Equal(Outcome.SoldOut, (await ClaimAsync(second, sale, "bert")).Outcome);
        await world.UntilAsync(second, order, OrderStatus.Reserved);
    });

    [Fact]
    public void What_a_buyer_gives_up_can_be_bought_again_at_every_node() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first, quantity: 1);
        var order = (await ClaimAsync(first, sale, "anna")).Order!;
        await world.UntilAsync(second, order, OrderStatus.Reserved);

        var cancelled = await second.OrderDesk.DoAsync(new OrderCommand.Cancel(order.Id), Cancel);
        Assert.Equal(OrderStatus.Cancelled, cancelled.Order?.Status);

        await world.UntilAsync("the unit was sold again", async () =>
            (await ClaimAsync(first, sale, "bert")).Outcome is Outcome.Admitted or Outcome.Replayed);
        await world.AuditAsync(sale, available: 0);
    });

    [Fact]
    public void F12_a_reservation_that_two_nodes_expire_comes_back_once() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first, quantity: 3, limit: 3);
        var order = (await ClaimAsync(first, sale, "anna", units: 2)).Order!;

        await world.UntilAsync(second, order, OrderStatus.Reserved);
        await world.PassAsync((int)PaymentWindow.TotalMilliseconds);
        await world.UntilAsync(second, order, OrderStatus.Expired);

        await world.AuditAsync(sale, available: 3);
        Assert.Single(await world.Store.EventsAsync(sale.Id, 1, 10, Cancel));
    });

    [Fact]
    public void An_operators_change_is_at_the_gate_when_it_is_answered_and_soon_everywhere() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first);

        var paused = await first.Office.ChangeAsync(sale.Id, new SaleChange.Pause(), Cancel);

        Assert.Equal((SaleChangeOutcome.Done, 1L), (paused.Outcome, paused.Epoch));
        Assert.Equal(Outcome.Paused, (await ClaimAsync(second, sale, "anna")).Outcome);
        await world.UntilAsync("the other node knew", () => ValueTask.FromResult(
            second.Catalog.TryFind("drop", out var listing) && listing.Sale.Mode == SaleMode.Paused));
        await second.Office.ChangeAsync(sale.Id, new SaleChange.Resume(), Cancel);
        await second.Office.ChangeAsync(sale.Id, new SaleChange.Replenish(5, "r"), Cancel);
        Assert.Equal(Outcome.Admitted, (await ClaimAsync(first, sale, "anna")).Outcome);
        await world.AuditAsync(sale, available: 14);
    });

    [Fact]
    public void F19_a_change_whose_gate_is_away_is_told_as_unknown_and_brought_when_it_is_back() => Tell(async world =>
    {
        var node = await world.StartAsync();
        var sale = await CreateAsync(node);
        world.Gate.IsAway = true;

        Assert.IsType<OutcomeUnknownException>(
            await FaultAsync(() => node.Office.ChangeAsync(sale.Id, new SaleChange.Replenish(5, "r"), Cancel)));
        Assert.NotEmpty(await world.Store.ReadAsync(0, 10, Cancel));

        world.Gate.IsAway = false;
        await world.AuditAsync(sale, available: 15);
    });

    [Fact]
    public void A_sale_of_another_node_is_found_at_once_and_listed_within_a_second() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        await CreateAsync(first, id: "early");
        Assert.NotNull(await second.Office.FindAsync("early", Cancel));
        Assert.Null(await second.Office.FindAsync("nothing", Cancel));
        Assert.Null(await second.Office.FindAsync("No Name", Cancel));

        await CreateAsync(first, id: "listed");
        await world.PassAsync(1_000);

        Assert.Equal(["early", "listed"], second.Catalog.Page(null, 10).Select(listing => $"{listing.Sale.Id}"));
        Assert.Equal(
            SaleCreation.Exists, await second.Office.CreateAsync(Samples.Sale("listed"), Cancel));
    });

    [Fact]
    public void A_node_shows_what_another_has_sold_within_a_second() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first, quantity: 1);
        await second.Office.FindAsync("drop", Cancel);

        var order = (await ClaimAsync(first, sale, "anna")).Order!;
        await world.UntilAsync(first, order, OrderStatus.Reserved);
        await world.PassAsync(1_000);

        Assert.True(second.Catalog.TryFind("drop", out var listing));
        Assert.Equal(0, listing.Mark.View.Available);
        Assert.False(listing.Mark.Refuses(listing.OrderIds.Begin(BuyerId.Parse("bert"), "k"), BuyerId.Parse("bert")));
    });

    [Fact]
    public void While_the_gate_is_away_an_order_is_queued_and_never_unknown() => Tell(async world =>
    {
        var api = await world.StartAsync(NodeRoles.Api);
        var sale = await CreateAsync(api);
        var order = (await ClaimAsync(api, sale, "anna")).Order!;
        Assert.Equal([order.Id], (await OrdersAsync(api, "anna")).Select(one => one.Id));

        world.Gate.Damage(sale.Id);

        Assert.Equal((OrderStatus.Queued, 0), Shown(await ReadAsync(api, order)));
        Assert.IsType<GateUnavailableException>(await FaultAsync(() => OrdersAsync(api, "anna")));
    });

    [Fact]
    public void F20_a_genuine_order_that_is_nowhere_was_lost_and_stays_rejected() => Tell(async world =>
    {
        var node = await world.StartAsync();
        var sale = await CreateAsync(node, quantity: 1);
        var lost = Samples.Order(sale, "anna", "k");
        Assert.Empty(await OrdersAsync(node, "anna"));

        var told = await ReadAsync(node, lost);
        Assert.Equal((OrderStatus.Rejected, RejectionReason.AdmissionLost), (told?.Status, told?.Rejection));

        // Should its claim come late, its units go back.
        await ClaimAsync(node, sale, "anna", "k");
        await world.AuditAsync(sale, available: 1);
        Assert.Equal(OrderStatus.Rejected, (await ReadAsync(node, lost))?.Status);
    });

    [Fact]
    public void F04_a_gate_that_is_damaged_is_opened_anew_and_sells_the_rest() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first, quantity: 3);
        var order = (await ClaimAsync(first, sale, "anna")).Order!;

        world.Gate.Damage(sale.Id);
        await world.UntilAsync("the gate sold again", async () =>
            (await ClaimAsync(second, sale, "bert")).Outcome is Outcome.Admitted or Outcome.Replayed);

        await world.UntilAsync(second, order, OrderStatus.Reserved);
        Assert.Equal(Outcome.Admitted, (await ClaimAsync(first, sale, "carl")).Outcome);
        Assert.Equal(Outcome.SoldOut, (await ClaimAsync(first, sale, "dora")).Outcome);
        await world.AuditAsync(sale, available: 0);
    });

    private static async Task<IReadOnlyList<Order>> OrdersAsync(Node node, string buyer)
    {
        Assert.True(node.Catalog.TryFind("drop", out var listing));
        return await node.Finder.OfBuyerAsync(listing, BuyerId.Parse(buyer), ids => ids, Cancel);
    }

    private static (Outcome?, OrderStatus?, int?) Shown(ClaimAnswer answer) =>
        (answer.Outcome, answer.Order?.Status, answer.Order?.Revision);

    private static (OrderStatus?, int?) Shown(Order? order) => (order?.Status, order?.Quantity);
}
