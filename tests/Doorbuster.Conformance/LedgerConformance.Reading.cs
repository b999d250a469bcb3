using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class LedgerConformance
{
    [Fact]
    public async Task Orders_are_found_in_the_order_of_the_ids()
    {
        var sale = await CreateSaleAsync();
        var other = await CreateSaleAsync("other");
        var anna = Samples.Order(sale, "anna");
        var bert = Samples.Order(sale, "bert");
        var carl = Samples.Order(other, "carl");
        await CommitAsync(Samples.Admissions(sale, 1, 0, anna, bert), Samples.Admissions(other, 1, 0, carl));

        Assert.Equal([bert, carl, anna], await FindAsync(bert, carl, anna));
        Assert.Equal([anna, carl, bert], await FindAsync(anna, carl, bert));
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task Unknown_and_foreign_ids_are_left_out()
    {
        var sale = await CreateSaleAsync();
        var other = await CreateSaleAsync("other");
        var anna = Samples.Order(sale, "anna");
        await CommitAsync(Samples.Admissions(sale, 1, 0, anna));

        var found = await Ledger.FindAsync(
            [
                new OrderId(other.Id, anna.Id.Key),
                new OrderId(SaleId.Parse("missing"), anna.Id.Key),
                new OrderId(sale.Id, new OrderKey(anna.Id.Key.High, anna.Id.Key.Low ^ 1)),
                new OrderId(sale.Id, new OrderKey(anna.Id.Key.High ^ (1UL << 63), anna.Id.Key.Low)),
                anna.Id,
            ],
            Cancel);

        Assert.Equal([anna], found);
    }

    [Fact]
    public async Task Reading_back_tells_which_orders_stand()
    {
        var sale = await CreateSaleAsync();
        var stands = Samples.Order(sale, "stands");
        var never = Samples.Order(sale, "never");
        await CommitAsync(Samples.Admissions(sale, 1, 0, stands));

        var asked = Samples.Admissions(sale, 1, 0, never, stands);
        Assert.Equal([stands.Id.Key], await Ledger.ReadBackAsync(asked, Cancel));
        Assert.Empty((await Ledger.ReadBackAsync(Samples.Admissions(sale, 1, 0, never), Cancel))!);
    }

    [Fact]
    public async Task A_report_counts_the_units_twice_and_names_every_order()
    {
        var sale = await CreateSaleAsync(quantity: 20, limit: 6);
        Order[] orders =
        [
            Samples.Order(sale, "anna", "k1", 2),
            Samples.Order(sale, "bert", "k1", 4),
            Samples.Order(sale, "anna", "k2", 3),
        ];
        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));

        var report = await Sales.ReportAsync(sale.Id, Cancel);

        Assert.NotNull(report);
        Assert.Equal((1, 9, 0), (report.Epoch, report.Reserved, report.Sold));
        Assert.Equal((5, 6), (report.HighestHolding, report.PerBuyerLimit));
        Assert.Equal((20, 11, 9, 0), Units(report.Stock));
        Assert.Equal(Held(orders).OrderBy(o => o.Key.High), report.Orders.OrderBy(o => o.Key.High));
    }

    [Fact]
    public async Task A_report_of_a_sale_without_orders_is_all_zero()
    {
        var sale = await CreateSaleAsync(quantity: 3);

        var report = await Sales.ReportAsync(sale.Id, Cancel);

        Assert.NotNull(report);
        Assert.Equal((0, 0, 0, 0), (report.Reserved, report.Sold, report.HighestHolding, report.Orders.Count));
    }

    [Fact]
    public async Task The_stock_version_grows_with_every_commit_and_with_nothing_else()
    {
        var sale = await CreateSaleAsync();
        var created = await StockAsync(sale);
        await CommitAsync(Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna"), Samples.Order(sale, "bert")));
        var sold = await StockAsync(sale);
        await RefusesAsync(Samples.Admissions(sale, 1, 0, Samples.Order(sale, "carl")));

        Assert.True(sold.Version > created.Version);
        Assert.Equal(sold, await StockAsync(sale));
    }

    [Fact]
    public async Task A_buyer_may_have_several_orders()
    {
        var sale = await CreateSaleAsync(quantity: 50, limit: 50);
        Order[] orders = [.. Enumerable.Range(1, 9).Select(i => Samples.Order(sale, "anna", $"k{i}", i))];
        await CommitAsync(Samples.Admissions(sale, 1, 0, orders[..4]));
        await CommitAsync(Samples.Admissions(sale, 1, 4, orders[4..]));

        var snapshot = Assert.Single(await RestartAsync());

        Assert.Equal(Held(orders), Held(snapshot.Holdings, orders[0].Buyer));
        Assert.Equal(45, (await Sales.ReportAsync(sale.Id, Cancel))!.HighestHolding);
    }

    [Fact]
    public async Task Buyer_ids_of_every_length_and_script_are_kept_apart()
    {
        string[] buyers =
        [
            "a", "A", " a", "a ", "å", "a\u030a", "ß", "'", "''", "\"", "\\", "%", "NULL", "0", "00", "1e3",
            "买家", "🎟", new string('x', 128), new string('x', 127) + "y", string.Concat(Enumerable.Repeat("🎟", 32)),
        ];
        var sale = await CreateSaleAsync(quantity: buyers.Length);
        Order[] orders = [.. buyers.Select(buyer => Samples.Order(sale, buyer))];
        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));

        var snapshot = Assert.Single(await RestartAsync());

        Assert.Equal(buyers, (await FindAsync(orders)).Select(order => $"{order.Buyer}"));
        Assert.All(orders, order => Assert.Equal(Held([order]), Held(snapshot.Holdings, order.Buyer)));
    }

    [Fact]
    public async Task The_largest_quantity_can_be_one_order()
    {
        var sale = Samples.Sale(quantity: Sale.MaxQuantity, limit: Sale.MaxQuantity) with
        {
            Price = new Money(Money.MaxAmount, "EUR"),
        };
        await Sales.CreateAsync(sale, Cancel);
        var order = Samples.Order(sale, "anna", units: Sale.MaxQuantity);

        await CommitAsync(Samples.Admissions(sale, 1, 0, order));

        Assert.Equal([order], await FindAsync(order));
        Assert.Equal((Sale.MaxQuantity, 0, Sale.MaxQuantity, 0), Units(await StockAsync(sale)));
    }
}
