using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every order store does for gates that are rebuilt. A store's tests inherit it and say how an empty store is
/// made; its time stands still at <see cref="Samples.Noon"/>.
/// </summary>
public abstract partial class EpochConformance : IAsyncLifetime
{
    private StoreUnderTest? _store;

    protected abstract IEpochs Epochs { get; }

    protected abstract ILostClaims LostClaims { get; }

    protected abstract IFulfilmentLedger Fulfilment { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private StoreUnderTest Store => _store!;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _store!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store and opens it, all sides of it.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    /// <summary>Closes the sides of the claim log and of rebuilds.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <summary>The epochs that dead letters carry, by their buyers.</summary>
    protected abstract Task<string> LettersAsync();

    [Fact]
    public async Task A_raise_takes_one_sale_as_it_stands_and_leaves_the_others_alone()
    {
        var sale = await CreateSaleAsync(limit: 3);
        var other = await CreateSaleAsync("other");
        var claims = (Claim[])[Samples.Claim(sale, "anna", units: 2), Samples.Claim(sale, "bert")];
        var more = Samples.Claim(sale, "anna", "k2");
        await FulfilAsync(Entry(sale, claims), Entry(other, Samples.Claim(other, "anna")), Entry(sale, more));
        await CancelAsync(claims[1]);

        var snapshot = await Epochs.RaiseAsync(sale.Id, from: 1, to: 2, "The gate is missing.", Cancel);

        Assert.Equal(2, snapshot!.Epoch);
        Assert.Equal((10, 7, 3, 0), Units(snapshot));
        Assert.Equal(sale.OrderIdKey.ToArray(), snapshot.Sale.OrderIdKey.ToArray());
        Assert.Equal("anna 2, anna 1, bert 0", Held(snapshot, claims[0], more, claims[1]));
        Assert.Equal([(sale.Id, 2L), (other.Id, 1L)], (await ReadAsync()).Select(e => (e.Sale, e.Epoch)));
    }

    [Fact]
    public async Task An_epoch_is_raised_from_the_one_that_was_read_and_by_one_of_those_who_try()
    {
        var sale = await CreateSaleAsync();
        var raised = await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
            Epochs.RaiseAsync(sale.Id, from: 1, to: 2, $"Node {n} finds it missing.", Cancel).AsTask()));

        Assert.Single(raised, snapshot => snapshot is { Epoch: 2 });
        Assert.Equal(7, raised.Count(snapshot => snapshot is null));
        Assert.Null(await Epochs.RaiseAsync(sale.Id, from: 3, to: 4, "It is ahead.", Cancel));
        Assert.Null(await Epochs.RaiseAsync(SaleId.Parse("nowhere"), from: 1, to: 2, "There is none.", Cancel));
        Assert.Equal(new SaleEpoch(sale.Id, 2), await Epochs.FindEpochAsync(sale.Id, Cancel));
        Assert.Null(await Epochs.FindEpochAsync(SaleId.Parse("nowhere"), Cancel));
    }

    [Fact]
    public async Task A_store_that_was_restored_is_raised_above_a_gate_that_is_ahead()
    {
        var sale = await CreateSaleAsync();

        var snapshot = await Epochs.RaiseAsync(sale.Id, from: 1, to: 9, "The gate is of epoch 8.", Cancel);

        Assert.Equal(9, snapshot?.Epoch);
        Assert.Equal([new SaleEpoch(sale.Id, 9)], await ReadAsync());
    }

    [Fact]
    public async Task F05_what_an_older_gate_admitted_is_refused_from_the_raise_on_and_what_stood_is_a_replay()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await FulfilAsync(Entry(sale, anna));
        await RaiseAsync(sale, from: 1);

        var orders = await FulfilAsync(Entry(sale, anna, bert));

        Assert.Equal([null, RejectionReason.AdmissionLost], orders.Select(order => order.Rejection));
        Assert.Equal(OrderStatus.Reserved, orders[0].Status);
        Assert.Equal("anna 1, bert 0", Held(await RaiseAsync(sale, from: 2), anna, bert));
    }

    [Fact]
    public async Task A_gate_that_drifted_is_named_until_the_epoch_is_raised()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert")));

        Assert.Equal([new SaleEpoch(sale.Id, 1, HasDrifted: true)], await ReadAsync());
        await RaiseAsync(sale, from: 1);
        Assert.Equal([new SaleEpoch(sale.Id, 2)], await ReadAsync());
    }

    [Fact]
    public async Task F12_late_money_that_still_asks_may_ask_the_new_gate_under_its_turn()
    {
        var sale = await CreateSaleAsync();
        var (claim, payment) = await ExpireAndPayAsync(sale, "anna");

        Assert.Equal("anna 0", Held(await RaiseAsync(sale, from: 1), claim));

        var revival = claim with { Revival = new Revival(payment, 1) };
        var paid = await FulfilAsync(Entry(sale, revival) with { Epoch = 2 });
        Assert.Equal(OrderStatus.Paid, Assert.Single(paid).Status);
        Assert.Equal("anna 1 t1", Held(await RaiseAsync(sale, from: 2), claim));
    }

    [Fact]
    public async Task Dead_letters_are_held_under_the_new_epoch_and_can_still_be_made_orders()
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        var bert = Samples.Claim(sale, "bert");
        await BuryAsync(sale, revival);
        await BuryAsync(sale, bert);

        Assert.Equal("anna 1 t1, bert 1", Held(await RaiseAsync(sale, from: 1), late, bert));
        Assert.Equal("anna e2, bert e2", await LettersAsync());

        var orders = await FulfilAsync(Entry(sale, revival, bert) with { Epoch = 2 });
        Assert.Equal([OrderStatus.Paid, OrderStatus.Reserved], orders.Select(order => order.Status));
        Assert.Empty(await LettersAsync());
    }

    [Fact]
    public async Task I1_dead_letters_whose_units_were_sold_again_keep_their_epoch()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await BuryAsync(sale, anna);
        await BuryAsync(sale, bert);
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "carl")));

        Assert.Equal("anna 1, bert -", Held(await RaiseAsync(sale, from: 1), anna, bert));
        Assert.Equal("anna e2, bert e1", await LettersAsync());
    }

    private async Task<Sale> CreateSaleAsync(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = Samples.Sale(id, quantity, limit);
        Assert.NotNull(await Store.Sales.CreateAsync(sale, Cancel));
        return sale;
    }

    private static AdmittedBatch Entry(Sale sale, params IReadOnlyList<Claim> claims) =>
        new(sale.Id, "1-0", Epoch: 1, sale.Revision, Samples.Noon.AddSeconds(-3), claims);

    private Task<IReadOnlyList<Order>> FulfilAsync(params IReadOnlyList<AdmittedBatch> entries) =>
        Fulfilment.FulfilAsync(entries, Cancel).AsTask();

    private Task BuryAsync(Sale sale, Claim claim) =>
        Fulfilment.BuryAsync(Entry(sale, claim), "It looked bad.", Cancel).AsTask();

    private async Task CancelAsync(Claim claim) =>
        await Store.Orders.ApplyAsync([new OrderCommand.Cancel(claim.Order)], Samples.Noon, Cancel);

    /// <summary>An order whose window is over, and money that came after it.</summary>
    private async Task<(Claim Claim, PaymentId Payment)> ExpireAndPayAsync(Sale sale, string buyer)
    {
        var claim = Samples.Claim(sale, buyer);
        var order = Assert.Single(await FulfilAsync(Entry(sale, claim)));
        var opened = await ApplyAsync(new OrderCommand.OpenPayment(claim.Order), Samples.Noon);
        await ApplyAsync(new OrderCommand.Expire(claim.Order), order.ExpiresAt);
        var payment = opened.Payment!.Id;
        var captured = await ApplyAsync(
            new OrderCommand.Capture(payment, $"{claim.Order}", order.Amount), order.ExpiresAt.AddSeconds(1));
        Assert.Equal(1, captured.Payment!.Reviving);
        return (claim, payment);
    }

    private async Task<OrderAnswer> ApplyAsync(OrderCommand command, DateTimeOffset now) =>
        Assert.Single(await Store.Orders.ApplyAsync([command], now, Cancel));

    private async Task<GateSnapshot> RaiseAsync(Sale sale, long from)
    {
        var snapshot = await Epochs.RaiseAsync(sale.Id, from, from + 1, "The gate is missing.", Cancel);
        Assert.Equal(from + 1, snapshot?.Epoch);
        return snapshot!;
    }

    private ValueTask<IReadOnlyList<SaleEpoch>> ReadAsync() => Epochs.ReadEpochsAsync(Cancel);

    private static (long, long, long, long) Units(GateSnapshot snapshot) =>
        (snapshot.Stock.Quantity, snapshot.Stock.Available, snapshot.Stock.Reserved, snapshot.Stock.Sold);

    /// <summary>What these claims hold in a snapshot, in words; a dash for one that is not in it.</summary>
    private static string Held(GateSnapshot snapshot, params Claim[] claims) => string.Join(
        ", ",
        claims.Select(claim => snapshot.Holdings.Of(claim.Buyer).TryFind(claim.Order.Key, out var held)
            ? $"{claim.Buyer} {held.Quantity}{(held.Turn > 0 ? $" t{held.Turn}" : "")}"
            : $"{claim.Buyer} -"));
}
