using Doorbuster.Conformance;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Shared;

/// <summary>Nodes that share nothing but a store, which is their gate, on one thread and by one clock.</summary>
public sealed class StoreGateNodeTests
{
    [Fact]
    public void F17_the_holder_of_the_last_unit_gets_the_same_order_at_every_node_after_it_was_sold_out() => Tell(
        async world =>
        {
            var (first, second) = (await world.StartAsync(), await world.StartAsync());
            var sale = await SharedWorld.CreateAsync(first, quantity: 1);
            var order = (await SharedWorld.ClaimAsync(first, sale, "anna", "lost reply")).Order!;
            Assert.Equal(OrderStatus.Reserved, order.Status);
            await world.RefuseAsync(first, sale);
            await world.RefuseAsync(second, sale);

            foreach (var node in (Node[])[first, second])
            {
                var again = await SharedWorld.ClaimAsync(node, sale, "anna", "lost reply");
                Assert.Equal((Outcome.Replayed, order), (again.Outcome, again.Order));
                Assert.Equal(Outcome.BuyerLimit, (await SharedWorld.ClaimAsync(node, sale, "anna", "other")).Outcome);
            }
        });

    [Fact]
    public void The_crowd_after_the_last_unit_costs_no_transaction_and_payments_do_not_change_that() => Tell(
        async world =>
        {
            var node = await world.StartAsync();
            var sale = await SharedWorld.CreateAsync(node, quantity: 1);
            var order = (await SharedWorld.ClaimAsync(node, sale, "anna")).Order!;
            await world.RefuseAsync(node, sale);
            await node.OrderDesk.DoAsync(new OrderCommand.OpenPayment(order.Id), CancellationToken.None);
            var before = world.Gate.Transactions;

            var crowd = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i =>
                SharedWorld.ClaimAsync(node, sale, $"buyer-{i}")));

            Assert.All(crowd, answer => Assert.Equal(Outcome.SoldOut, answer.Outcome));
            Assert.InRange(world.Gate.Transactions - before, 0, 30);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_unit_that_came_back_is_sold_at_once_at_a_node_that_need_not_have_heard_of_it(bool isHeard) => Tell(
        async world =>
        {
            world.IsHeard = isHeard;
            var (first, second) = (await world.StartAsync(), await world.StartAsync());
            var sale = await SharedWorld.CreateAsync(first, quantity: 1);
            var order = (await SharedWorld.ClaimAsync(first, sale, "anna")).Order!;
            await world.RefuseAsync(second, sale);
            Assert.True(second.Catalog.TryFind("drop", out var listing));

            await first.OrderDesk.DoAsync(new OrderCommand.Cancel(order.Id), CancellationToken.None);
            world.Reopen(sale.Id);
            Assert.Equal(Outcome.Admitted, (await SharedWorld.ClaimAsync(second, sale, "bert")).Outcome);
            Assert.Equal(0, listing.Mark.View.Available);
            Assert.True(world.Store.Contents(sale.Id).Stock.LawHolds);
        });

    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 1_000)]
    public void What_is_left_is_shown_at_every_node_at_once_or_within_a_second_where_word_was_lost(
        bool isHeard, int milliseconds) => Tell(
        async world =>
        {
            world.IsHeard = isHeard;
            var (first, second) = (await world.StartAsync(), await world.StartAsync());
            var sale = await SharedWorld.CreateAsync(first, quantity: 1);
            var order = (await SharedWorld.ClaimAsync(first, sale, "anna")).Order!;
            await world.RefuseAsync(second, sale);
            Assert.True(second.Catalog.TryFind("drop", out var listing));
            Assert.Equal(0, listing.Mark.View.Available);

            await first.OrderDesk.DoAsync(new OrderCommand.Cancel(order.Id), CancellationToken.None);
            world.Reopen(sale.Id);
            await world.PassAsync(milliseconds);

            Assert.Equal(1, listing.Mark.View.Available);
        });

    [Fact]
    public void Watchers_and_expiry_belong_to_any_node_and_an_audit_compares_the_store_with_itself() => Tell(
        async world =>
        {
            var (api, worker) = (await world.StartAsync(NodeRoles.Api), await world.StartAsync(NodeRoles.Worker));
            var sale = await SharedWorld.CreateAsync(api, quantity: 2);
            var order = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
            var audit = await api.Auditor.AuditAsync(sale.Id, CancellationToken.None);
            Assert.True(audit is { LawHolds: true, Available: 1, GateAvailable: 1, Queued: 0 });

            await world.PassAsync((int)SharedWorld.PaymentWindow.TotalMilliseconds + 2_000);

            var expired = await api.Finder.FindAsync(order.Id, order.Buyer, CancellationToken.None);
            Assert.Equal(OrderStatus.Expired, expired!.Status);
            Assert.Equal(2, world.Store.Contents(sale.Id).Stock.Available);
            Assert.Equal(Outcome.Replayed, (await SharedWorld.ClaimAsync(worker, sale, "anna")).Outcome);
        });

    private static void Tell(Func<StoreWorld, Task> story)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var world = new StoreWorld();
            var scheduler = new SeededScheduler(seed, world.Clock);
            var fault = Record.Exception(() => scheduler.Run(() => world.LiveAsync(story)));
            Assert.True(fault is null, $"Seed {seed}: {fault}");
        }
    }

    private sealed class StoreWorld
    {
        private readonly List<(Node Node, Task Running)> _nodes = [];
        private readonly List<Action<SaleId>> _listening = [];

        public StoreWorld()
        {
            Store = new InMemoryStore { IsGate = true, Clock = Clock };
            Gate = new FaultyGateStore(Store);
        }

        public VirtualTimeProvider Clock { get; } = new(Samples.Noon);

        public InMemoryStore Store { get; }

        public FaultyGateStore Gate { get; }

        public bool IsHeard { get; set; } = true;

        public async Task<Node> StartAsync(NodeRoles roles = NodeRoles.Both)
        {
            var parts = new StoreGateParts($"node-{_nodes.Count}", Gate, Store, Store, Store, Store, () => 0.5)
            {
                BatchesInFlight = 2,
                ListenForUnits = _listening.Add,
            };
            var node = new Node(parts, roles, new NodeSettings(Provider: null, new Limits(), Clock, Lanes: 2));
            await node.Office.OpenAllAsync(CancellationToken.None);
            _nodes.Add((node, node.RunAsync(CancellationToken.None)));
            return node;
        }

        /// <summary>Says that a sale has units again, to whoever hears it.</summary>
        public void Reopen(SaleId sale)
        {
            if (IsHeard)
            {
                _listening.ForEach(heard => heard(sale));
            }
        }

        public Task PassAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Clock);

        /// <summary>Waits until a node's mark refuses a stranger by itself.</summary>
        public async Task RefuseAsync(Node node, Sale sale)
        {
            var stranger = BuyerId.Parse("stranger");
            for (var i = 0; i < 1_000; i++)
            {
                Assert.Equal(Outcome.SoldOut, (await SharedWorld.ClaimAsync(node, sale, "stranger")).Outcome);
                if (node.Catalog.TryFind(sale.Id.ToString(), out var listing)
                    && listing.Mark.RefusesWhile(listing.OrderIds.Begin(stranger, "k"), stranger) is not null)
                {
                    return;
                }

                await PassAsync(10);
            }

            Assert.Fail("The mark never refused anyone.");
        }

        public async Task LiveAsync(Func<StoreWorld, Task> story)
        {
            await story(this);
            foreach (var (node, running) in _nodes)
            {
                node.Complete();
                await running;
            }
        }
    }
}
