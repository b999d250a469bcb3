using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests;

public sealed class SaleOfficeTests
{
    private readonly InMemoryStore _store = new();
    private readonly Catalog _catalog = new();
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryGate _gate;

    public SaleOfficeTests() => _gate = new InMemoryGate(_store, _clock, ordersPerBuyer: 64);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_sale_is_open_and_listed()
    {
        Assert.Equal(SaleCreation.Created, await Office().CreateAsync(Samples.Sale(), Cancel));

        Assert.True(_catalog.TryFind("drop", out _));
        Assert.Equal(10, (await _gate.ReportAsync(SaleId.Parse("drop"), Cancel))!.View.Available);
    }

    [Fact]
    public async Task A_sale_that_exists_is_not_created_again()
    {
        await Office().CreateAsync(Samples.Sale(quantity: 5), Cancel);

        Assert.Equal(SaleCreation.Exists, await Office().CreateAsync(Samples.Sale(quantity: 9), Cancel));
        Assert.Equal(5, (await _gate.ReportAsync(SaleId.Parse("drop"), Cancel))!.View.Available);
    }

    [Fact]
    public async Task No_more_sales_are_created_than_the_limit_allows()
    {
        var office = Office(maxSales: 2);
        await office.CreateAsync(Samples.Sale("a"), Cancel);
        await office.CreateAsync(Samples.Sale("b"), Cancel);

        Assert.Equal(SaleCreation.TooMany, await office.CreateAsync(Samples.Sale("c"), Cancel));
        Assert.Equal(SaleCreation.Exists, await office.CreateAsync(Samples.Sale("a"), Cancel));
        Assert.Null(await _store.ReportAsync(SaleId.Parse("c"), Cancel));
    }

    [Fact]
    public async Task At_start_every_sale_is_opened_as_the_store_has_it()
    {
        var sales = (Sale[])[Samples.Sale("a", quantity: 3), Samples.Sale("b", quantity: 1)];
        await _store.CreateAsync(sales[0], Cancel);
        await _store.CreateAsync(sales[1], Cancel);
        var order = Samples.Order(sales[1], "anna");
        await _store.CommitAsync([Samples.Admissions(sales[1], 1, 0, order)], Cancel);

        await Office().OpenAllAsync(Cancel);

        Assert.Equal(2, _catalog.Count);
        Assert.Equal((2, 3), await EpochAndAvailableAsync("a"));
        Assert.Equal((2, 0), await EpochAndAvailableAsync("b"));
        Assert.True(_catalog.TryFind("b", out var listing));
        Assert.False(listing.Mark.Refuses(order.Id.Key.Head, order.Buyer));
        Assert.True(listing.Mark.Refuses(Samples.Claim(sales[1], "bert").Order.Key.Head, BuyerId.Parse("bert")));
    }

    /// <summary>I2: found by simulation. The sale stood in the store, and was sold by nobody until a restart.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sale_whose_creation_ends_unknown_is_opened_once_the_store_tells(bool stands) =>
        new SeededScheduler(1, _clock).Run(async () =>
        {
            var office = new SaleOffice(new UnsureStore(_store, stands), _gate, _catalog, new Limits(), _clock);
            using var end = new CancellationTokenSource();
            var running = office.RunAsync(end.Token);
            await Assert.ThrowsAsync<OutcomeUnknownException>(
                () => office.CreateAsync(Samples.Sale(), CancellationToken.None));
            await Task.Delay(TimeSpan.FromSeconds(1), _clock);

            Assert.Equal(stands, _catalog.TryFind("drop", out _));
            Assert.Equal(
                stands ? SaleCreation.Exists : SaleCreation.Created,
                await office.CreateAsync(Samples.Sale(), CancellationToken.None));
            Assert.Equal((1, 10), await EpochAndAvailableAsync("drop"));
            end.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        });

    /// <summary>I4: found by simulation. The operator was told that the sale, which was paused, is open.</summary>
    [Fact]
    public async Task A_sale_that_the_gate_has_shut_is_shown_as_the_operator_changed_it()
    {
        var office = Office();
        var sale = Samples.Sale();
        await office.CreateAsync(sale, Cancel);
        await _store.TakeOverAsync(Cancel);
        await _gate.ClaimAsync([Samples.Batch(sale, Samples.Claim(sale, "anna"))], Cancel);
        Assert.Null(await _gate.ReportAsync(sale.Id, Cancel));

        await office.ChangeAsync(sale.Id, new SaleChange.Pause(), Cancel);

        Assert.True(_catalog.TryFind("drop", out var listing));
        Assert.Equal((SaleMode.Paused, 2), (listing.Sale.Mode, listing.Sale.Revision));
        Assert.Null(await _gate.ReportAsync(sale.Id, Cancel));
    }

    private SaleOffice Office(int maxSales = 10) =>
        new(_store, _gate, _catalog, new Limits { MaxSales = maxSales }, _clock);

    private async Task<(long, long)> EpochAndAvailableAsync(string sale)
    {
        var report = await _gate.ReportAsync(SaleId.Parse(sale), Cancel);
        return (report!.View.Epoch, report.View.Available);
    }
}
