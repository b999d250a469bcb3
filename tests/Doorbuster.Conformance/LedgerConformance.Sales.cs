using Doorbuster.Claims;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class LedgerConformance
{
    [Fact]
    public async Task A_new_sale_has_all_its_units_available_under_epoch_1()
    {
        var snapshot = await Sales.CreateAsync(Samples.Sale(quantity: 7), Cancel);

        Assert.NotNull(snapshot);
        Assert.Equal((1, 0, 0), (snapshot.Epoch, snapshot.Admitted, snapshot.Holdings.Buyers));
        Assert.Equal((7, 7, 0, 0), Units(snapshot.Stock));
    }

    [Fact]
    public async Task A_sale_is_created_once()
    {
        var sale = await CreateSaleAsync(quantity: 5);

        Assert.Null(await Sales.CreateAsync(Samples.Sale(quantity: 9), Cancel));
        Assert.Equal((5, 5, 0, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task A_sale_created_twice_at_once_is_created_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            quantity => Task.Run(() => Sales.CreateAsync(Samples.Sale(quantity: 1 + quantity), Cancel).AsTask())));

        var created = Assert.Single(made.OfType<GateSnapshot>());
        Assert.Equal(created.Sale.Quantity, (await StockAsync(created.Sale)).Quantity);
    }

    [Fact]
    public async Task A_sale_that_does_not_exist_has_no_report()
    {
        await CreateSaleAsync();

        Assert.Null(await Sales.ReportAsync(SaleId.Parse("drop-2"), Cancel));
    }

    [Fact]
    public async Task The_units_of_several_sales_are_read_in_the_order_asked_for()
    {
        var one = await CreateSaleAsync("one", quantity: 9, limit: 5);
        await CreateSaleAsync("two", quantity: 4);
        await CommitAsync(Samples.Admissions(one, 1, 0, Samples.Order(one, "anna", "k", 3)));

        var stocks = await Sales.StockAsync(
            [SaleId.Parse("two"), SaleId.Parse("none"), SaleId.Parse("one")], Cancel);

        Assert.Equal(["two", "one"], stocks.Select(found => $"{found.Sale}"));
        Assert.Equal([(4, 4, 0, 0), (9, 6, 3, 0)], stocks.Select(found => Units(found.Stock)));
        Assert.All(stocks, found => Assert.True(found.Stock.LawHolds));
    }

    [Fact]
    public async Task Take_over_names_the_sales_in_ascending_order_of_id()
    {
        foreach (var id in (string[])["b", "a-1", "10", "a", "9", "a0"])
        {
            await CreateSaleAsync(id);
        }

        var taken = await Sales.TakeOverAsync(Cancel);

        Assert.Equal(["10", "9", "a", "a-1", "a0", "b"], taken.Select(snapshot => $"{snapshot.Sale.Id}"));
    }

    [Fact]
    public async Task Take_over_raises_every_epoch_each_time()
    {
        await CreateSaleAsync("a");
        await CreateSaleAsync("b");

        Assert.Equal([2, 2], (await Sales.TakeOverAsync(Cancel)).Select(s => s.Epoch));
        Assert.Equal([3, 3], (await Sales.TakeOverAsync(Cancel)).Select(s => s.Epoch));
        Assert.Equal(3, (await Sales.ReportAsync(SaleId.Parse("b"), Cancel))!.Epoch);
    }

    [Fact]
    public async Task Taking_over_an_empty_store_finds_nothing() => Assert.Empty(await Sales.TakeOverAsync(Cancel));

    [Fact]
    public async Task A_sale_is_read_back_as_it_was_created()
    {
        Sale[] sales =
        [
            Samples.Sale("plain"),
            Samples.Sale("whole", quantity: Sale.MaxQuantity, limit: 17) with
            {
                Title = "限时抢购 “tonight’s” drop 🎟",
                Description = "Two lines,\nand a 'quote'.",
                ImageUrl = new Uri("https://shop.example/a%20b.png?x=1&y=%C3%A9"),
                Price = new Money(Money.MaxAmount, "KWD"),
                ClosesAt = Samples.Noon.AddHours(1).AddMilliseconds(1),
                PaymentWindow = TimeSpan.FromMilliseconds(90_001),
                RequirePurchaseToken = false,
                Mode = SaleMode.Paused,
                Revision = 5,
            },
            Samples.Sale("zero") with { Price = new Money(0, "JPY"), Mode = SaleMode.Closed },
        ];
        foreach (var sale in sales)
        {
            await Sales.CreateAsync(sale, Cancel);
        }

        var snapshots = await RestartAsync();

        Assert.Equal(sales.Select(WithoutKey), snapshots.Select(s => WithoutKey(s.Sale)));
        Assert.Equal(
            sales.Select(sale => Convert.ToHexString(sale.OrderIdKey.Span)),
            snapshots.Select(s => Convert.ToHexString(s.Sale.OrderIdKey.Span)));
    }

    [Fact]
    public async Task A_reopened_store_has_what_was_committed()
    {
        var sale = await CreateSaleAsync(quantity: 9, limit: 5);
        var first = Samples.Order(sale, "anna", "k1", 2);
        var second = Samples.Order(sale, "bert", "k1", 1);
        var third = Samples.Order(sale, "anna", "k2", 3);
        await CommitAsync(Samples.Admissions(sale, 1, 0, first, second));
        await CommitAsync(Samples.Admissions(sale, 1, 2, third));

        var snapshot = Assert.Single(await RestartAsync());

        Assert.Equal((2, 3), (snapshot.Epoch, snapshot.Admitted));
        Assert.Equal((9, 3, 6, 0), Units(snapshot.Stock));
        Assert.Equal(Held([first, third]), Held(snapshot.Holdings, first.Buyer));
        Assert.Equal(Held([second]), Held(snapshot.Holdings, second.Buyer));
        Assert.Equal([first, second, third], await FindAsync(first, second, third));
    }

    [Fact]
    public async Task A_snapshot_belongs_to_the_gate_that_takes_it()
    {
        var sale = await CreateSaleAsync(quantity: 9);
        var snapshot = Assert.Single(await Sales.TakeOverAsync(Cancel));

        snapshot.Holdings.Add(BuyerId.Parse("ghost"), new HeldOrder(new OrderKey(1, 1), 9));

        Assert.Equal((9, 9, 0, 0), Units(await StockAsync(sale)));
        Assert.Equal(0, Assert.Single(await Sales.TakeOverAsync(Cancel)).Holdings.Buyers);
    }

    private static (long, long, long, long) Units(Stock stock) =>
        (stock.Quantity, stock.Available, stock.Reserved, stock.Sold);

    private static Sale WithoutKey(Sale sale) => sale with { OrderIdKey = default };

    private static IEnumerable<HeldOrder> Held(IEnumerable<Order> orders) =>
        orders.Select(order => new HeldOrder(order.Id.Key, order.Quantity));

    private static IEnumerable<HeldOrder> Held(Holdings holdings, BuyerId buyer) =>
        holdings.All().Where(held => held.Buyer == buyer).Select(held => held.Order);
}
