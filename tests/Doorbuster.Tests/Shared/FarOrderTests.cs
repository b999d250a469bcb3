using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Shared;

/// <summary>What happens to an order on one node, for those who watch or wait at another.</summary>
public sealed class FarOrderTests
{
    /// <summary>Between what a node was told and its read of the store there is no waiting.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan WithoutHints = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_watcher_is_told_at_once_what_another_node_did_and_within_a_second_where_hints_are_lost(
        bool isCutOff) => SharedWorld.Tell(async world =>
        {
            world.Hints.IsCutOff = isCutOff;
            var (api, worker) =
                (await world.StartAsync(NodeRoles.Api), await world.StartAsync(NodeRoles.Worker));
            var sale = await SharedWorld.CreateAsync(api);
            using var watcher = Watch(api, "anna");
            using var stranger = Watch(api, "bert");

            var order = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
            await ToldAsync(world, watcher, order, OrderStatus.Reserved, isCutOff);
            await worker.OrderDesk.DoAsync(new OrderCommand.Cancel(order.Id), CancellationToken.None);
            await ToldAsync(world, watcher, order, OrderStatus.Cancelled, isCutOff);

            // Nothing twice, nothing of others, and nothing more is looked for.
            await world.PassAsync(3_000);
            Assert.Empty(OrdersOf(watcher));
            Assert.Empty(OrdersOf(stranger));
            Assert.Equal(isCutOff, world.Hints.Passed == 0);
        });

    [Fact]
    public void What_a_snapshot_showed_is_no_news_and_what_came_meanwhile_is() => SharedWorld.Tell(async world =>
    {
        world.Hints.IsCutOff = true;
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await SharedWorld.CreateAsync(first, limit: 2);
        var seen = (await SharedWorld.ClaimAsync(first, sale, "anna", "seen")).Order!;
        await world.UntilAsync(first, seen, OrderStatus.Reserved);
        Assert.NotNull(await second.Office.FindAsync("drop", CancellationToken.None));

        using var watcher = Watch(second, "anna");
        watcher.Know([(await SharedWorld.ReadAsync(second, seen))!]);
        var fresh = (await SharedWorld.ClaimAsync(first, sale, "anna", "fresh")).Order!;
        await world.PassAsync(3_000);

        Assert.Equal([fresh.Id], OrdersOf(watcher).Select(order => order.Id));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_waits_for_an_order_has_it_as_soon_as_a_worker_has_committed_it(bool isCutOff) =>
        SharedWorld.Tell(async world =>
        {
            world.Hints.IsCutOff = isCutOff;
            var api = await world.StartAsync(NodeRoles.Api);
            await world.StartAsync(NodeRoles.Worker);
            var sale = await SharedWorld.CreateAsync(api);

            var order = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
            var waited = await api.Waits!.WaitAsync(order.Id, TimeSpan.FromSeconds(2), CancellationToken.None);

            Assert.Equal(OrderStatus.Reserved, waited?.Status);
        });

    [Fact]
    public void A_node_that_only_answers_buyers_forgets_what_a_worker_has_committed() => SharedWorld.Tell(
        async world =>
        {
            var api = await world.StartAsync(NodeRoles.Api);
            await world.StartAsync(NodeRoles.Worker);
            var sale = await SharedWorld.CreateAsync(api);

            for (var i = 0; i < 10; i++)
            {
                await SharedWorld.ClaimAsync(api, sale, $"buyer-{i}");
            }

            // A hint may overtake the answer that it is about; that one is found with the next epoch.
            await world.UntilAsync(
                "hardly anything was unsettled", () => ValueTask.FromResult(api.Unsettled?.Count <= 3));
        });

    [Fact]
    public void A_claim_that_another_node_finds_lost_is_told_to_its_watcher() => SharedWorld.Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(NodeRoles.Api), await world.StartAsync(NodeRoles.Api));
        var sale = await SharedWorld.CreateAsync(first);
        var lost = Samples.Order(sale, "anna", "k");
        using var watcher = Watch(first, "anna");
        Assert.NotNull(await second.Office.FindAsync("drop", CancellationToken.None));

        Assert.Equal(OrderStatus.Rejected, (await SharedWorld.ReadAsync(second, lost))?.Status);

        await ToldAsync(world, watcher, lost, OrderStatus.Rejected, isCutOff: false);
    });

    private static Watcher Watch(Node node, string buyer)
    {
        Assert.True(node.Catalog.TryFind("drop", out var listing));
        return node.Live.Watch(listing, BuyerId.Parse(buyer), () => { })!;
    }

    /// <summary>The watcher is told so within its time from when the store has it, and of this order alone.</summary>
    private static async Task ToldAsync(
        SharedWorld world, Watcher watcher, Order order, OrderStatus status, bool isCutOff)
    {
        await world.UntilAsync("the store had it", () => ValueTask.FromResult(
            world.Store.Find(order.Id) is [var stored] && stored.Status == status));
        await Task.Delay(isCutOff ? WithoutHints : AtOnce, world.Clock);
        var told = Assert.Single(OrdersOf(watcher));
        Assert.Equal((order.Id, status), (told.Id, told.Status));
    }

    private static List<Order> OrdersOf(Watcher watcher)
    {
        var orders = new List<Order>();
        while (watcher.TryTake(out var message))
        {
            orders.AddRange(message is LiveMessage.OfOrder one ? [one.Order] : []);
        }

        return orders;
    }
}
