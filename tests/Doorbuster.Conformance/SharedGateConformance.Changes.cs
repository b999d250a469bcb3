using Doorbuster.Claims;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class SharedGateConformance
{
    [Fact]
    public async Task F12_an_order_is_released_once_by_its_id_and_stays_known()
    {
        var sale = await OpenSaleAsync(quantity: 3, limit: 2);
        var anna = ClaimOf(sale, "anna k1 2");
        await AnswerAsync(sale, anna);

        Assert.Equal(3, (await ReleaseAsync(anna))?.Available);
        Assert.Equal(3, (await ReleaseAsync(anna))?.Available);

        Assert.Equal("same order, same order", await ClaimAsync(sale, "anna k1 2", "anna k1 1"));
        Assert.Equal("admitted", await ClaimAsync(sale, "bert k1 2"));
        await LeavesAsync(sale, 1);
    }

    [Fact]
    public async Task I4_an_order_that_ended_where_the_gate_never_knew_it_is_known_to_it_from_then_on()
    {
        var sale = await OpenSaleAsync(quantity: 1);
        var lost = ClaimOf(sale, "anna k1 1");
        var before = (await Gate.LookAsync(sale.Id, Cancel)).View!;

        var told = await ReleaseAsync(lost, epoch: 1);

        Assert.Equal(before with { Version = before.Version + 1 }, told);
        Assert.Equal(told, await ReleaseAsync(lost, epoch: 1));
        Assert.Equal(
            "same order, admitted, sold out", await ClaimAsync(sale, "anna k1 2", "anna k2 1", "bert k1 1"));
        await Gate.ApplyAsync(sale with { Revision = 2, Mode = SaleMode.Closed }, epoch: 1, Cancel);
        Assert.Equal("same order, closed", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));
    }

    [Fact]
    public async Task Releases_of_several_sales_and_of_many_orders_come_together()
    {
        var a = await OpenSaleAsync("a", quantity: 3_000);
        var b = await OpenSaleAsync("b", limit: 2);
        var ofA = Enumerable.Range(0, 2_500).Select(i => Samples.Claim(a, $"buyer-{i}")).ToArray();
        await AnswerAsync(a, ofA);
        var ofB = new[] { ClaimOf(b, "anna k1 1"), ClaimOf(b, "anna k2 1") };
        await AnswerAsync(b, ofB);
        var unknown = ClaimOf(SampleSale("c"), "anna k1 1");

        var views = await Gate.ReleaseAsync(
            [.. ofA.Concat(ofB).Append(unknown).Select(claim => new Release(claim.Order, claim.Buyer, 0))], Cancel);

        Assert.Equal([(a.Id, 3_000), (b.Id, 10)], views.Select(view => (view.Sale, view.View.Available)));
    }

    [Fact]
    public async Task What_the_store_ended_under_a_later_epoch_waits_for_a_gate_of_that_epoch()
    {
        var sale = await OpenSaleAsync();
        var anna = ClaimOf(sale, "anna k1 1");
        await AnswerAsync(sale, anna);

        Assert.Null(await ReleaseAsync(anna, epoch: 2));
        await LeavesAsync(sale, 9);

        await Gate.OpenAsync(Snapshot(sale, epoch: 2, (anna, 1)), Cancel);
        Assert.Equal(10, (await ReleaseAsync(anna, epoch: 2))?.Available);
    }

    [Fact]
    public async Task What_the_store_ended_under_an_earlier_epoch_is_in_the_snapshot_already()
    {
        var sale = await OpenSaleAsync();
        var anna = ClaimOf(sale, "anna k1 1");
        await Gate.OpenAsync(Snapshot(sale, epoch: 2, (anna, 0)), Cancel);

        Assert.Equal(10, (await ReleaseAsync(anna, epoch: 1))?.Available);
        Assert.Equal("same order", await ClaimAsync(sale, "anna k1 1"));
    }

    [Fact]
    public async Task F19_only_a_higher_revision_changes_a_gate_and_units_grow_by_the_difference_of_totals()
    {
        var sale = await OpenSaleAsync(quantity: 1);
        await ClaimAsync(sale, "anna k1 1");
        var more = sale with { Revision = 3, Quantity = 4, PerBuyerLimit = 2 };

        Assert.Equal(3, (await Gate.ApplyAsync(more, epoch: 1, Cancel))?.Available);
        Assert.Equal(3, (await Gate.ApplyAsync(more, epoch: 1, Cancel))?.Available);
        var late = sale with { Revision = 2, Mode = SaleMode.Paused };
        Assert.Equal(3, (await Gate.ApplyAsync(late, epoch: 1, Cancel))?.Available);
        Assert.Equal("admitted", await ClaimAsync(sale, "anna k2 1"));

        Assert.NotNull(await Gate.ApplyAsync(more with { Revision = 4, Mode = SaleMode.Paused }, 1, Cancel));
        Assert.Equal("paused", await ClaimAsync(sale, "bert k1 1"));
        Assert.NotNull(await Gate.ApplyAsync(more with { Revision = 5, Mode = SaleMode.Closed }, null, Cancel));
        Assert.Equal("closed", await ClaimAsync(sale, "bert k1 1"));
        Assert.Equal(3, (await LogOfAsync(sale.Id))[^1].Revision);
    }

    [Fact]
    public async Task F19_a_change_of_a_later_epoch_waits_for_a_gate_of_that_epoch()
    {
        var sale = await OpenSaleAsync(quantity: 1);
        var more = sale with { Revision = 2, Quantity = 5 };

        Assert.Null(await Gate.ApplyAsync(more, epoch: 2, Cancel));
        Assert.Null(await Gate.ApplyAsync(SampleSale("missing"), epoch: 1, Cancel));
        await Gate.OpenAsync(Snapshot(sale, epoch: 2), Cancel);

        Assert.Equal(5, (await Gate.ApplyAsync(more, epoch: 2, Cancel))?.Available);
    }

    [Fact]
    public async Task A_gate_opened_anew_has_the_snapshot_and_the_log_that_was_there()
    {
        var sale = await OpenSaleAsync(quantity: 6, limit: 3);
        await ClaimAsync(sale, "anna k1 2", "bert k1 1");
        var ended = (ClaimOf(sale, "bert k1 1"), 0);
        var held = (ClaimOf(sale, "anna k1 2"), 2);

        var view = await Gate.OpenAsync(Snapshot(sale, epoch: 3, held, ended), Cancel);

        Assert.Equal(new StockView(3, 7, 4), view);
        Assert.Equal(
            "same order, same order, limit, admitted",
            await ClaimAsync(sale, "anna k1 2", "bert k1 1", "anna k2 2", "anna k3 1"));
        Assert.Equal([1, 3], (await LogOfAsync(sale.Id)).Select(entry => entry.Epoch));
    }

    [Fact]
    public async Task A_sale_is_reopened_only_under_a_higher_epoch()
    {
        var sale = await OpenSaleAsync(quantity: 3);
        await Gate.OpenAsync(Snapshot(sale, epoch: 3), Cancel);
        await ClaimAsync(sale, "anna k1 1");
        var stands = await StandsAsync(sale);

        Assert.Equal(3, (await Gate.OpenAsync(Snapshot(sale, epoch: 2), Cancel))?.Epoch);
        Assert.Equal(2, (await Gate.OpenAsync(Snapshot(sale, epoch: 3), Cancel))?.Available);

        Assert.Equal(stands, await StandsAsync(sale));
    }

    [Fact]
    public async Task A_fenced_gate_is_missing_to_all_until_it_is_opened_under_a_higher_epoch()
    {
        var sale = await OpenSaleAsync();
        var anna = ClaimOf(sale, "anna k1 1");
        await AnswerAsync(sale, anna);

        Assert.True(await Gate.FenceAsync(sale.Id, epoch: 1, Cancel));
        Assert.True(await Gate.FenceAsync(sale.Id, epoch: 1, Cancel));

        Assert.Equal(new GateLook(GateStanding.Fenced, 1), await Gate.LookAsync(sale.Id, Cancel));
        Assert.Equal("no gate, no gate", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));
        Assert.Null(await ReleaseAsync(anna));
        Assert.Null(await Gate.ApplyAsync(sale with { Revision = 2 }, epoch: 1, Cancel));
        Assert.Null(await Gate.ReportAsync(sale.Id, Cancel));
        Assert.Null(await Gate.OpenAsync(Snapshot(sale, epoch: 1), Cancel));

        await Gate.OpenAsync(Snapshot(sale, epoch: 2, (anna, 1)), Cancel);
        Assert.Equal("same order, admitted", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F04_What_was_fenced_is_not_opened_by_a_snapshot_that_was_taken_before(bool isThere)
    {
        var sale = isThere ? await OpenSaleAsync() : SampleSale();
        var before = await Gate.LookAsync(sale.Id, Cancel);
        Assert.True(await Gate.FenceAsync(sale.Id, epoch: 3, Cancel));

        Assert.Null(await Gate.OpenAsync(Snapshot(sale, epoch: 2), Cancel));
        Assert.Null(await Gate.OpenAsync(Snapshot(sale, epoch: 3), Cancel));
        Assert.Equal(
            new GateLook(isThere ? GateStanding.Fenced : GateStanding.Missing, before.Epoch),
            await Gate.LookAsync(sale.Id, Cancel));
        Assert.Equal("no gate", await ClaimAsync(sale, "anna k1 1"));

        Assert.Equal(4, (await Gate.OpenAsync(Snapshot(sale, epoch: 4), Cancel))?.Epoch);
        await TurnAsync(sale.Id, sale.OpensAt);
        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 1"));
    }

    [Fact]
    public async Task A_gate_of_a_later_epoch_is_not_fenced()
    {
        var sale = await OpenSaleAsync();
        await Gate.OpenAsync(Snapshot(sale, epoch: 3), Cancel);

        Assert.False(await Gate.FenceAsync(sale.Id, epoch: 2, Cancel));
        Assert.True(await Gate.FenceAsync(SaleId.Parse("missing"), epoch: 2, Cancel));

        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 1"));
    }

    [Fact]
    public async Task Only_a_closed_gate_of_the_stores_epoch_with_an_empty_log_is_removed()
    {
        var sale = await OpenSaleAsync();
        await ClaimAsync(sale, "anna k1 1");
        var entry = Assert.Single(await LogOfAsync(sale.Id));

        Assert.False(await Gate.RemoveAsync(sale.Id, epoch: 1, Cancel));
        await Gate.ApplyAsync(sale with { Revision = 2, Mode = SaleMode.Closed }, epoch: 1, Cancel);
        Assert.False(await Gate.RemoveAsync(sale.Id, epoch: 1, Cancel));
        await DeleteAsync(sale.Id, [entry.Id]);
        Assert.False(await Gate.RemoveAsync(sale.Id, epoch: 2, Cancel));
        Assert.True(await Gate.RemoveAsync(sale.Id, epoch: 1, Cancel));

        Assert.Equal(new GateLook(GateStanding.Missing, 0), await Gate.LookAsync(sale.Id, Cancel));
        Assert.True(await Gate.RemoveAsync(sale.Id, epoch: 1, Cancel));
    }
}
