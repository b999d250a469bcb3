using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Shared;

/// <summary>A node's memory that a shared gate has nothing left spares the gate, and never hides an order.</summary>
public sealed class SharedMarkTests
{
    [Fact]
    public void F17_the_holder_of_the_last_unit_gets_the_same_order_again_at_every_node() => SharedWorld.Tell(
        async world =>
        {
            var (first, second) = (await world.StartAsync(), await world.StartAsync());
            var sale = await SharedWorld.CreateAsync(first, quantity: 1);
            var order = (await SharedWorld.ClaimAsync(first, sale, "anna", "lost reply")).Order!;
            await RefuseAsync(world, first, sale);
            await RefuseAsync(world, second, sale);

            foreach (var node in (Node[])[first, second])
            {
                var again = await SharedWorld.ClaimAsync(node, sale, "anna", "lost reply");
                Assert.Equal((Outcome.Replayed, order.Id), (again.Outcome, again.Order?.Id));
                Assert.Equal(
                    Outcome.BuyerLimit, (await SharedWorld.ClaimAsync(node, sale, "anna", "another key")).Outcome);
            }
        });

    [Fact]
    public void The_crowd_after_the_last_unit_is_refused_without_a_place_in_a_batch() => SharedWorld.Tell(
        async world =>
        {
            var node = await world.StartAsync();
            var sale = await SharedWorld.CreateAsync(node, quantity: 1);
            await SharedWorld.ClaimAsync(node, sale, "anna");
            await RefuseAsync(world, node, sale);
            var (decided, looks) = (world.Gate.Decided, world.Gate.Looks);

            var crowd = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i =>
                SharedWorld.ClaimAsync(node, sale, $"buyer-{i}")));

            Assert.All(crowd, answer => Assert.Equal(Outcome.SoldOut, answer.Outcome));

            // One buyer in hundreds looks like one who has an order.
            Assert.InRange(world.Gate.Decided - decided, 0, 30);
            Assert.InRange(world.Gate.Looks - looks, 1, 1_000);
        });

    [Fact]
    public void A_unit_that_came_back_is_sold_at_once_by_a_node_that_has_not_heard_of_it() => SharedWorld.Tell(
        async world =>
        {
            var (first, second) = (await world.StartAsync(), await world.StartAsync());
            var sale = await SharedWorld.CreateAsync(first, quantity: 1);
            var order = (await SharedWorld.ClaimAsync(first, sale, "anna")).Order!;
            await world.UntilAsync(first, order, OrderStatus.Reserved);
            await RefuseAsync(world, second, sale);
            Assert.True(second.Catalog.TryFind("drop", out var listing));

            var released = new Release(order.Id, order.Buyer, Turn: 0, Epoch: 1);
            Assert.NotEmpty(await world.Gate.ReleaseAsync([released], CancellationToken.None));
            Assert.Equal(0, listing.Mark.View.Available);
            Assert.Equal(Outcome.Admitted, (await SharedWorld.ClaimAsync(second, sale, "bert")).Outcome);

            // The sale is sold out again, and what was known before is not believed any more.
            Assert.Null(listing.Mark.RefusesWhile(
                listing.OrderIds.Begin(BuyerId.Parse("carl"), "k"), BuyerId.Parse("carl")));
            await RefuseAsync(world, second, sale);
            Assert.Equal(Outcome.Replayed, (await SharedWorld.ClaimAsync(second, sale, "bert")).Outcome);
        });

    [Fact]
    public void A_mark_refuses_nobody_while_the_gate_is_away_or_was_opened_anew() => SharedWorld.Tell(async world =>
    {
        var node = await world.StartAsync(NodeRoles.Api);
        var sale = await SharedWorld.CreateAsync(node, quantity: 1);
        await SharedWorld.ClaimAsync(node, sale, "anna");
        await RefuseAsync(world, node, sale);

        world.Gate.Damage(sale.Id);

        Assert.Equal(Outcome.SaleUnknown, (await SharedWorld.ClaimAsync(node, sale, "bert")).Outcome);
        await world.UntilAsync("the gate is open again", async () =>
            (await SharedWorld.ClaimAsync(node, sale, "bert")).Outcome == Outcome.SoldOut);
        Assert.Equal(Outcome.Replayed, (await SharedWorld.ClaimAsync(node, sale, "anna")).Outcome);
    });

    /// <summary>Somebody is refused, and from then on the node's mark knows the gate's orders.</summary>
    private static async Task RefuseAsync(SharedWorld world, Node node, Sale sale) => await world.UntilAsync(
        "the mark was filled",
        async () =>
        {
            Assert.Equal(Outcome.SoldOut, (await SharedWorld.ClaimAsync(node, sale, "late")).Outcome);
            return node.Catalog.TryFind(sale.Id.ToString(), out var listing) && listing.Mark.IsFilled;
        });
}
