using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>
/// Orders are told once they can be read, at the gate and in the store: a watcher's snapshot is read from there, and
/// what were told earlier could fall between the two.
/// </summary>
public sealed class NotifierTests
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new();
    private readonly FaultyLedger _ledger;
    private readonly Reader _reader;
    private readonly InMemoryGate _gate;
    private readonly Sale _sale = Samples.Sale(quantity: 2);

    public NotifierTests()
    {
        _ledger = new FaultyLedger(_store);
        _reader = new Reader(_store);
        _gate = new InMemoryGate(_ledger, _clock, ordersPerBuyer: 64, _reader);
        _reader.Gate = _gate;
    }

    [Theory]
    [InlineData(CommitFault.None, 1)]
    [InlineData(CommitFault.UnknownAndDone, 1)]
    [InlineData(CommitFault.UnknownAndNotDone, 0)]
    [InlineData(CommitFault.Failed, 0)]
    public async Task A_reservation_is_told_once_it_can_be_read(CommitFault fault, int told)
    {
        await OpenAsync();
        _ledger.Next(fault);

        await ClaimAsync("anna");

        Assert.Equal(told, _reader.Told.Count);
    }

    [Fact]
    public async Task One_that_is_read_back_later_is_told_then()
    {
        await OpenAsync();
        _ledger.Next(CommitFault.UnknownAndDone);
        _ledger.CanReadBack = false;
        await ClaimAsync("anna");
        Assert.Empty(_reader.Told);

        _ledger.CanReadBack = true;
        await ClaimAsync("ben");

        Assert.Equal(["anna", "ben"], _reader.Told.Select(order => order.Buyer.ToString()));
    }

    [Fact]
    public async Task A_cancelled_order_is_told_after_its_units_can_be_bought_again()
    {
        var catalog = new Catalog();
        catalog.Add(await OpenAsync());
        await ClaimAsync("anna");
        var queue = new OrderQueue(_store, new Aftermath(_gate, catalog, _reader), new Limits(), _clock);
        var running = queue.RunAsync(CancellationToken.None);

        await queue.DoAsync(new OrderCommand.Cancel(Samples.Claim(_sale, "anna").Order));

        Assert.Equal([OrderStatus.Reserved, OrderStatus.Cancelled], _reader.Told.Select(order => order.Status));
        Assert.Equal([1L, 2L], _reader.Available);
        queue.Complete();
        await running;
    }

    private async Task<Listing> OpenAsync()
    {
        var snapshot = await _store.CreateAsync(_sale, CancellationToken.None);
        var listing = new Listing(snapshot!);
        await _gate.OpenAsync(snapshot!, CancellationToken.None);
        return listing;
    }

    private ValueTask ClaimAsync(string buyer) =>
        _gate.ClaimAsync([Samples.Batch(_sale, Samples.Claim(_sale, buyer))], CancellationToken.None);

    /// <summary>Reads whatever it is told of, at once, as a snapshot would.</summary>
    private sealed class Reader(InMemoryStore store) : INotifier
    {
        public InMemoryGate? Gate { get; set; }

        public List<Order> Told { get; } = [];

        /// <summary>What the gate had left, each time.</summary>
        public List<long> Available { get; } = [];

        public void OrdersChanged(IReadOnlyList<Order> orders)
        {
            foreach (var order in orders)
            {
                var inStore = Now(store.FindAsync([order.Id], CancellationToken.None));
                Assert.Equal(order.Revision, Assert.Single(inStore).Revision);
                Assert.Contains(
                    order.Id, Now(Gate!.OrdersOfAsync(order.Id.Sale, order.Buyer, CancellationToken.None)));
                Told.Add(order);
                Available.Add(Now(Gate.ReportAsync(order.Id.Sale, CancellationToken.None))!.View.Available);
            }
        }

        public void SaleChanged(Listing listing) => Assert.Fail("No sale was changed.");

        /// <summary>The reference store and the gate in memory answer at once.</summary>
        private static T Now<T>(ValueTask<T> answer)
        {
            Assert.True(answer.IsCompletedSuccessfully);
            return answer.Result;
        }
    }
}
