using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Orders;

/// <summary>What a buyer is told who wants something of an order that the store does not have yet (I4).</summary>
public sealed class QueuedOrderTests
{
    private static readonly Sale Sale = Samples.Sale(quantity: 10);
    private static readonly Claim Claim = Samples.Claim(Sale, "anna");

    private readonly InMemoryStore _store = new() { IsShared = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_that_is_queued_is_refused_as_it_is()
    {
        var answer = await CancelAsync(() => Order.Queue(Sale, Claim.Order, Claim.Buyer, Claim.Quantity));

        Assert.Equal((CommandOutcome.Refused, OrderStatus.Queued), (answer.Outcome, answer.Order!.Status));
    }

    [Fact]
    public async Task An_order_that_comes_to_stand_while_it_is_looked_for_is_not_refused()
    {
        var answer = await CancelAsync(() =>
        {
            var entry = new AdmittedBatch(Sale.Id, "1-0", Epoch: 1, Sale.Revision, Samples.Noon, [Claim]);
            return Assert.Single(_store.FulfilAsync([entry], Cancel).AsTask().GetAwaiter().GetResult());
        });

        Assert.Equal((CommandOutcome.Done, OrderStatus.Cancelled), (answer.Outcome, answer.Order!.Status));
    }

    [Fact]
    public async Task An_order_that_nobody_knows_is_unknown() =>
        Assert.Equal(CommandOutcome.Unknown, (await CancelAsync(() => null)).Outcome);

    /// <summary>Cancels an order that the store does not know; what is found elsewhere is given.</summary>
    private async Task<OrderAnswer> CancelAsync(Func<Order?> find)
    {
        await _store.CreateAsync(Sale, Cancel);
        var queue = new OrderQueue(_store, new Nothing(), new Limits(), new VirtualTimeProvider(Samples.Noon));
        var running = queue.RunAsync(Cancel);
        var desk = new OrderDesk(queue, provider: null, TimeProvider.System, find: (order, buyer, _) =>
        {
            Assert.Equal((Claim.Order, Claim.Buyer), (order, buyer!.Value));
            return ValueTask.FromResult(find());
        });

        var answer = await desk.CancelAsync(Claim.Order, Claim.Buyer, Cancel);

        queue.Complete();
        await running;
        return answer;
    }

    private sealed class Nothing : IAftermath
    {
        public ValueTask FollowAsync(IReadOnlyList<OrderAnswer> answers, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }
}
