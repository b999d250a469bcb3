using Doorbuster.Claims;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>Several nodes at one sale, and late money.</summary>
public abstract partial class StoreGateConformance
{
    /// <summary>Enough tries for any number of nodes that the suite has.</summary>
    private static readonly GatePatience ForACrowd =
        new(Tries: 100, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));

    [Fact]
    public async Task F17_An_order_that_one_node_made_is_the_same_order_at_another_whatever_came_of_its_sale()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 1"));
        var other = OtherNode();

        Assert.Equal(
            "same order, key reused, limit, sold out",
            await ClaimAsync(other, sale, "anna k1 1", "anna k1 2", "anna k2 1", "bert k1 1"));
        await ChangeAsync(sale, new SaleChange.Close());
        Assert.Equal("same order", await ClaimAsync(other, sale, "anna k1 1"));
    }

    [Fact]
    public async Task F14_A_sale_that_has_sold_has_opened_though_an_operators_node_has_a_clock_that_is_behind()
    {
        var sale = await CreateSaleAsync(limit: 2);
        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 2"));

        var edit = new SaleChange.Edit(sale with { PerBuyerLimit = 1 }, sale.Revision);
        var answer = await Sales.ChangeAsync(sale.Id, edit, sale.OpensAt.AddSeconds(-5), Cancel);

        Assert.Equal(SaleChangeOutcome.NotScheduled, answer.Outcome);
        Assert.Equal((8, 2, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task I1_Two_nodes_at_the_last_unit_sell_it_once()
    {
        for (var round = 0; round < 8; round++)
        {
            var sale = await CreateSaleAsync($"drop-{round}", quantity: 1);
            var told = await Task.WhenAll(
                ClaimAsync(CrowdNode(), sale, "anna k1 1"), ClaimAsync(CrowdNode(), sale, "bert k1 1"));

            Assert.Equal(["admitted", "sold out"], told.Order(StringComparer.Ordinal));
            Assert.Equal((0, 1, 0), await UnitsAsync(sale));
        }
    }

    [Fact]
    public async Task I3_One_buyer_at_two_nodes_at_once_gets_no_more_than_the_limit()
    {
        for (var round = 0; round < 8; round++)
        {
            var sale = await CreateSaleAsync($"drop-{round}", limit: 2);
            var told = await Task.WhenAll(
                ClaimAsync(CrowdNode(), sale, "anna k1 1", "anna k2 1"),
                ClaimAsync(CrowdNode(), sale, "anna k3 1", "anna k4 1"));

            Assert.Equal(2, string.Join(' ', told).Split("admitted").Length - 1);
            Assert.Equal((8, 2, 0), await UnitsAsync(sale));
        }
    }

    [Fact]
    public async Task I4_One_click_that_reaches_two_nodes_at_once_is_one_order()
    {
        for (var round = 0; round < 8; round++)
        {
            var sale = await CreateSaleAsync($"drop-{round}", limit: 2);
            var told = await Task.WhenAll(
                ClaimAsync(CrowdNode(), sale, "anna k1 1"), ClaimAsync(CrowdNode(), sale, "anna k1 1"));

            Assert.Equal(["admitted", "same order"], told.Order(StringComparer.Ordinal));
            Assert.Equal((9, 1, 0), await UnitsAsync(sale));
        }
    }

    [Fact]
    public async Task I1_I2_A_crowd_at_several_nodes_and_sales_buys_just_what_there_is()
    {
        const int Units = 25;
        Sale[] sales = [await CreateSaleAsync("a", Units), await CreateSaleAsync("b", Units)];
        var nodes = Enumerable.Range(0, 3).Select(_ => CrowdNode()).ToArray();

        // Each buyer clicks at every node, and the sales come in every order.
        var clicks = nodes.SelectMany((node, n) => Enumerable.Range(0, 10).Select(wave => Task.Run(async () =>
        {
            var batches = sales
                .Select(sale => Samples.Batch(
                    sale,
                    [.. Enumerable.Range(wave * 4, 4).Select(buyer => Samples.Claim(sale, $"buyer-{buyer}"))]))
                .ToList();
            if (n % 2 == 1)
            {
                batches.Reverse();
            }

            await node.ClaimAsync(batches, Cancel);
            return batches.SelectMany(batch => batch.Answers.ToArray()).ToArray();
        })));
        var answers = (await Task.WhenAll(clicks)).SelectMany(some => some).ToList();

        Assert.DoesNotContain(answers, answer => answer.Outcome is null or Outcome.Busy);
        Assert.Equal(2 * Units, answers.Count(answer => answer.Outcome == Outcome.Admitted));
        foreach (var sale in sales)
        {
            Assert.Equal((0, Units, 0), await UnitsAsync(sale));
        }
    }

    [Fact]
    public async Task F11_Late_money_gets_its_units_once_and_pays_its_order()
    {
        var sale = await CreateSaleAsync();
        var revive = await ExpireAndCaptureAsync(sale, "anna");

        Assert.Equal(Outcome.Admitted, Assert.Single(await AnswerAsync(sale, revive)).Outcome);
        Assert.Equal(Outcome.Replayed, Assert.Single(await AnswerAsync(sale, revive)).Outcome);

        Assert.Equal(OrderStatus.Paid, Assert.Single(await FindAsync(revive)).Status);
        Assert.Equal((9, 0, 1), await UnitsAsync(sale));
        Assert.Empty(await Orders.UnsettledAsync(0, 10, Cancel));
    }

    [Fact]
    public async Task F11_Late_money_finds_no_unit_or_the_buyer_at_the_limit()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        var revive = await ExpireAndCaptureAsync(sale, "anna");
        Assert.Equal("admitted", await ClaimAsync(sale, "bert k1 1"));
        Assert.Equal(Outcome.SoldOut, Assert.Single(await AnswerAsync(sale, revive)).Outcome);

        await ChangeAsync(sale, new SaleChange.Replenish(2, "r"));
        Assert.Equal("admitted", await ClaimAsync(sale, "anna other 1"));
        Assert.Equal(Outcome.BuyerLimit, Assert.Single(await AnswerAsync(sale, revive)).Outcome);
        Assert.Equal(OrderStatus.Expired, Assert.Single(await FindAsync(revive)).Status);
        Assert.Equal((1, 2, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task F11_Late_money_beside_other_claims_takes_its_turn_and_asks_once()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        var revive = await ExpireAndCaptureAsync(sale, "anna");
        Store.Next(CommitFault.UnknownAndDone);

        var answers = await AnswerAsync(
            sale, Samples.Claim(sale, "bert"), revive, revive, Samples.Claim(sale, "carl"));

        Assert.Equal(
            "admitted, admitted, same order, sold out",
            string.Join(", ", answers.Select(answer => ClaimTable.Word(answer.Outcome))));
        Assert.Equal((0, 1, 1), await UnitsAsync(sale));
    }

    [Fact]
    public async Task I5_Late_money_that_was_refused_asks_for_nothing_any_more()
    {
        var sale = await CreateSaleAsync();
        var revive = await ExpireAndCaptureAsync(sale, "anna");
        await ApplyAsync(new OrderCommand.RefuseRevival(revive.Revival!.Payment, RefundReason.NoUnitsLeft));

        Assert.Equal(Outcome.Replayed, Assert.Single(await AnswerAsync(sale, revive)).Outcome);
        Assert.Equal((10, 0, 0), await UnitsAsync(sale));
    }

    private StoreGate CrowdNode() => new(
        new FaultyGateStore(GateStore, _clock), TimeProvider.System, ordersPerBuyer: 64, ForACrowd,
        Random.Shared.NextDouble);

    /// <summary>An order expires, and its money comes after that.</summary>
    /// <returns>The claim by which it asks for its units again.</returns>
    private async Task<Claim> ExpireAndCaptureAsync(Sale sale, string buyer)
    {
        var claim = Samples.Claim(sale, buyer);
        var order = Assert.Single(await AnswerAsync(sale, claim)).Order!;
        await ApplyAsync(new OrderCommand.OpenPayment(order.Id));
        var payment = PaymentId.Of(order.Id, 1);
        _clock!.Advance(sale.PaymentWindow);
        await ApplyAsync(new OrderCommand.Expire(order.Id));
        var captured = await ApplyAsync(new OrderCommand.Capture(payment, $"{order.Id}", order.Amount));
        Assert.Equal(1, captured.Payment!.Reviving);
        return claim with { Revival = new Revival(payment, 1) };
    }
}
