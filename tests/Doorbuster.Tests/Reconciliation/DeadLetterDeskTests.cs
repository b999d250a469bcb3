using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>Admitted claims that could not be written: replayed by an operator, or given up in time.</summary>
public sealed class DeadLetterDeskTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly Sale _sale = Samples.Sale(quantity: 10);
    private readonly InMemoryStore _store;
    private readonly PoisonedLetters _letters;
    private readonly RecordingNotifier _told = new();
    private readonly DeadLetterDesk _desk;

    public DeadLetterDeskTests()
    {
        _store = new InMemoryStore { IsShared = true, Clock = _clock };
        _letters = new PoisonedLetters(_store);
        _desk = new DeadLetterDesk(_letters, Patience, _clock, _told);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _store.CreateAsync(_sale, Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task I4_a_replayed_letter_is_an_order_and_its_buyer_is_told()
    {
        var anna = await BuryAsync("anna");

        var answer = await _desk.ReplayAsync(anna, Cancel);

        Assert.Equal((OrderStatus.Reserved, null), (answer!.Order!.Status, answer.Reason));
        Assert.Equal([answer.Order], _told.Orders);
        Assert.Null(await _desk.ReplayAsync(anna, Cancel));
    }

    [Fact]
    public async Task F09_a_letter_whose_cause_is_not_mended_stays_and_says_why()
    {
        var anna = await BuryAsync("anna");
        _letters.Poisoned.Add(anna);

        var answer = await _desk.ReplayAsync(anna, Cancel);

        Assert.Equal((null, "It is poisoned."), (answer!.Order, answer.Reason));
        Assert.Empty(_told.Orders);
        Assert.Single(await _desk.ListAsync(after: null, most: 9, Cancel));
    }

    [Fact]
    public async Task I4_what_has_waited_for_its_time_is_rejected_and_not_a_moment_before()
    {
        await BuryAsync("anna");
        _clock.Advance(Patience);
        await _desk.GiveUpAsync(Cancel);
        Assert.Empty(_told.Orders);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await _desk.GiveUpAsync(Cancel);

        var order = Assert.Single(_told.Orders);
        Assert.Equal((OrderStatus.Rejected, RejectionReason.Failed), (order.Status, order.Rejection!.Value));
    }

    [Fact]
    public async Task F09_one_that_cannot_even_be_rejected_stops_nobody_and_is_tried_again_in_a_while()
    {
        foreach (var i in Enumerable.Range(0, 250))
        {
            var id = await BuryAsync($"buyer-{i}");
            if (i % 2 == 0)
            {
                _letters.Poisoned.Add(id);
            }
        }

        _clock.Advance(Patience + TimeSpan.FromSeconds(1));
        await _desk.GiveUpAsync(Cancel);
        Assert.Equal(125, _told.Orders.Count);
        Assert.Equal(125, _letters.Refused);

        await _desk.GiveUpAsync(Cancel);
        Assert.Equal(125, _letters.Refused);

        _clock.Advance(TimeSpan.FromMinutes(1));
        _letters.Poisoned.Clear();
        await _desk.GiveUpAsync(Cancel);
        Assert.Equal(250, _told.Orders.Count);
        Assert.Empty(_store.Letters);
    }

    private async Task<DeadLetterId> BuryAsync(string buyer)
    {
        var claim = Samples.Claim(_sale, buyer);
        await _store.BuryAsync(
            new AdmittedBatch(_sale.Id, "1-0", Epoch: 1, _sale.Revision, Samples.Noon, [claim]), "It was bad.", Cancel);
        return DeadLetterId.Of(claim);
    }

    private sealed class RecordingNotifier : INotifier
    {
        public List<Order> Orders { get; } = [];

        public void OrdersChanged(IReadOnlyList<Order> orders) => Orders.AddRange(orders);

        public void SaleChanged(Listing listing)
        {
            // No sale is changed here.
        }
    }

    /// <summary>Letters of which some cannot be written, whatever is made of them.</summary>
    private sealed class PoisonedLetters(IDeadLetters inner) : IDeadLetters
    {
        public HashSet<DeadLetterId> Poisoned { get; } = [];

        public int Refused { get; private set; }

        public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(
            DeadLetterId? after, int most, CancellationToken cancellationToken) =>
            inner.ListAsync(after, most, cancellationToken);

        public ValueTask<DeadLetter?> FindLetterAsync(DeadLetterId id, CancellationToken cancellationToken) =>
            inner.FindLetterAsync(id, cancellationToken);

        public ValueTask<IReadOnlyList<DeadLetterId>> OverdueAsync(
            DateTimeOffset before, DeadLetterId? after, int most, CancellationToken cancellationToken) =>
            inner.OverdueAsync(before, after, most, cancellationToken);

        public ValueTask<ReplayAnswer?> ReplayAsync(DeadLetterId id, CancellationToken cancellationToken) =>
            Poisoned.Contains(id) ? throw Refuse() : inner.ReplayAsync(id, cancellationToken);

        public ValueTask<Order?> RejectAsync(DeadLetterId id, CancellationToken cancellationToken) =>
            Poisoned.Contains(id) ? throw Refuse() : inner.RejectAsync(id, cancellationToken);

        private BadClaimException Refuse()
        {
            Refused++;
            return new BadClaimException("It is poisoned.");
        }
    }
}
