using Doorbuster.Fulfilment;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class LedgerConformance
{
    [Fact]
    public async Task Admitted_claims_become_reserved_orders()
    {
        var sale = await CreateSaleAsync(quantity: 10, limit: 3);
        Order[] orders = [Samples.Order(sale, "anna"), Samples.Order(sale, "bert", units: 3)];

        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));

        Assert.Equal(orders, await FindAsync(orders));
        Assert.Equal((10, 6, 4, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task Several_sales_commit_in_one_call()
    {
        Sale[] sales = [await CreateSaleAsync("c", 3), await CreateSaleAsync("a", 5), await CreateSaleAsync("b", 7)];
        Order[] orders = [.. sales.Select(sale => Samples.Order(sale, "anna"))];

        await CommitAsync([.. sales.Zip(orders, (sale, order) => Samples.Admissions(sale, 1, 0, order))]);

        Assert.Equal(orders, await FindAsync(orders));
        foreach (var sale in sales)
        {
            Assert.Equal((sale.Quantity, sale.Quantity - 1, 1, 0), Units(await StockAsync(sale)));
        }
    }

    [Theory]
    [InlineData("an older epoch", 0, 1)]
    [InlineData("a later epoch", 2, 1)]
    [InlineData("fewer admissions than there were", 1, 0)]
    [InlineData("more admissions than there were", 1, 2)]
    public async Task What_was_decided_on_another_state_is_left_out_and_named(string because, long epoch, long before)
    {
        var stale = await CreateSaleAsync("stale");
        var fresh = await CreateSaleAsync("fresh");
        await CommitAsync(Samples.Admissions(stale, 1, 0, Samples.Order(stale, "first")));
        var lost = Samples.Order(stale, "anna");
        var kept = Samples.Order(fresh, "anna");

        var receipt = await Ledger.CommitAsync(
            [Samples.Admissions(stale, epoch, before, lost), Samples.Admissions(fresh, 1, 0, kept)], Cancel);

        Assert.Equal(CommitStatus.Committed, receipt.Status);
        Assert.False(receipt.Covers(stale.Id), because);
        Assert.True(receipt.Covers(fresh.Id));
        Assert.Equal([kept], await FindAsync(lost, kept));
        Assert.Equal((10, 9, 1, 0), Units(await StockAsync(stale)));
    }

    [Fact]
    public async Task A_sale_the_store_does_not_have_is_left_out_and_named()
    {
        var sale = await CreateSaleAsync();
        var missing = Samples.Sale("missing");

        var receipt = await Ledger.CommitAsync(
            [
                Samples.Admissions(missing, 1, 0, Samples.Order(missing, "anna")),
                Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna")),
            ],
            Cancel);

        Assert.Equal((false, true), (receipt.Covers(missing.Id), receipt.Covers(sale.Id)));
    }

    [Fact]
    public async Task Take_over_fences_the_older_owner()
    {
        var sale = await CreateSaleAsync();
        var late = Samples.Order(sale, "late");
        var next = Samples.Order(sale, "next");
        await Sales.TakeOverAsync(Cancel);

        await RefusesAsync(Samples.Admissions(sale, 1, 0, late));
        await CommitAsync(Samples.Admissions(sale, 2, 0, next));

        Assert.Equal([next], await FindAsync(late, next));
    }

    [Fact]
    public async Task The_last_unit_is_committed_and_not_one_more()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        await CommitAsync(Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna")));
        await CommitAsync(Samples.Admissions(sale, 1, 1, Samples.Order(sale, "bert")));

        var over = Samples.Order(sale, "carl");
        await RefusesAsync(Samples.Admissions(sale, 1, 2, over));

        Assert.Empty(await FindAsync(over));
        Assert.Equal((2, 0, 2, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task A_batch_that_exceeds_the_stock_together_is_not_committed_in_part()
    {
        var sale = await CreateSaleAsync(quantity: 3, limit: 2);
        Order[] orders = [Samples.Order(sale, "anna", units: 2), Samples.Order(sale, "bert", units: 2)];

        await RefusesAsync(Samples.Admissions(sale, 1, 0, orders));

        Assert.Empty(await FindAsync(orders));
        Assert.Equal((3, 3, 0, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task An_order_stands_once()
    {
        var sale = await CreateSaleAsync(limit: 5);
        var order = Samples.Order(sale, "anna");
        await CommitAsync(Samples.Admissions(sale, 1, 0, order));

        await RefusesAsync(Samples.Admissions(sale, 1, 1, order));

        Assert.Equal([order], await FindAsync(order));
        Assert.Equal((10, 9, 1, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task A_refused_commit_leaves_nothing_of_itself_behind()
    {
        var sale = await CreateSaleAsync(limit: 5);
        var order = Samples.Order(sale, "anna");
        var beside = Samples.Order(sale, "bert");
        await CommitAsync(Samples.Admissions(sale, 1, 0, order));

        await RefusesAsync(Samples.Admissions(sale, 1, 1, beside, order));

        Assert.Empty((await Ledger.ReadBackAsync(Samples.Admissions(sale, 1, 0, beside), Cancel))!);
        await CommitAsync(Samples.Admissions(sale, 1, 1, beside));
        Assert.Equal([order, beside], await FindAsync(order, beside));
        Assert.Equal((10, 8, 2, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task The_same_commit_again_changes_nothing()
    {
        var sale = await CreateSaleAsync();
        var admissions = Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna"), Samples.Order(sale, "bert"));
        await CommitAsync(admissions);

        await RefusesAsync(admissions);

        Assert.Equal((10, 8, 2, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task A_batch_of_two_thousand_orders_stands_whole()
    {
        var sale = await CreateSaleAsync(quantity: 2_000);
        Order[] orders = [.. Enumerable.Range(0, 2_000).Select(i => Samples.Order(sale, $"buyer-{i}"))];

        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));

        Assert.Equal(orders, await FindAsync(orders));
        Assert.Equal((2_000, 0, 2_000, 0), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_before_it_begins_writes_all_or_nothing()
    {
        var sale = await CreateSaleAsync();
        Order[] orders = [Samples.Order(sale, "anna"), Samples.Order(sale, "bert")];

        var ended = await Record.ExceptionAsync(async () => await Ledger.CommitAsync(
            [Samples.Admissions(sale, 1, 0, orders)], new CancellationToken(canceled: true)));

        Assert.True(ended is null or OperationCanceledException, $"{ended}");
        Assert.Equal(ended is null ? orders.Length : 0, (await FindAsync(orders)).Count);
    }

    [Fact]
    public async Task Reading_while_committing_always_finds_the_law_kept()
    {
        const int Orders = 200;
        var sale = await CreateSaleAsync(quantity: Orders);
        var committing = Task.Run(async () =>
        {
            for (var i = 0; i < Orders; i++)
            {
                await CommitAsync(Samples.Admissions(sale, 1, i, Samples.Order(sale, $"buyer-{i}")));
            }
        });

        for (var seen = 0L; seen < Orders;)
        {
            var stock = await StockAsync(sale);
            Assert.True(stock.Reserved >= seen, "A later look saw less.");
            seen = committing.IsFaulted ? Orders : stock.Reserved;
        }

        await committing;
    }
}
