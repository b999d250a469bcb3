using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;
using static Doorbuster.Tests.Shared.SharedWorld;

namespace Doorbuster.Tests.Shared;

/// <summary>
/// A sale that is closed for good has its gate removed, and nobody who asks can tell (I2, I4): whoever holds units is
/// told so, everyone else that it is closed.
/// </summary>
public sealed class EndedSaleTests
{
    private static CancellationToken Cancel => CancellationToken.None;

    [Fact]
    public void The_gate_of_a_closed_sale_goes_and_the_store_answers_as_it_did() => Tell(async world =>
    {
        var (first, second) = (await world.StartAsync(), await world.StartAsync());
        var sale = await CreateAsync(first, quantity: 3, limit: 2);
        var order = (await ClaimAsync(first, sale, "anna")).Order!;
        await world.UntilAsync(second, order, OrderStatus.Reserved);

        await EndAsync(world, first, sale);

        Assert.Equal(GateStanding.Missing, (await world.Gate.LookAsync(sale.Id, Cancel)).Standing);
        foreach (var node in (Node[])[first, second])
        {
            var again = await ClaimAsync(node, sale, "anna");
            Assert.Equal((Outcome.Replayed, order.Id), (again.Outcome, again.Order?.Id));
            Assert.Equal(Outcome.KeyReused, (await ClaimAsync(node, sale, "anna", units: 2)).Outcome);
            Assert.Equal(Outcome.Closed, (await ClaimAsync(node, sale, "anna", key: "another")).Outcome);
            Assert.Equal(Outcome.Closed, (await ClaimAsync(node, sale, "bert")).Outcome);
            Assert.True(node.Catalog.TryFind("drop", out var listing));
            var mine = await node.Finder.OfBuyerAsync(listing, order.Buyer, ids => ids, Cancel);
            Assert.Equal([order.Id], mine.Select(one => one.Id));
            Assert.Equal(order.Id, (await ReadAsync(node, order))?.Id);
            var audit = await node.Auditor.AuditAsync(sale.Id, Cancel);
            Assert.Empty(audit!.Differences);
            Assert.Null(audit.GateAvailable);
        }

        await StaysGoneAsync(world, sale);
    });

    [Fact]
    public void A_reservation_of_an_ended_sale_still_ends_and_late_money_still_has_its_units() => Tell(async world =>
    {
        var node = await world.StartAsync();
        var sale = Samples.Sale("drop", quantity: 1) with { PaymentWindow = 2 * SaleEnder.UsualPatience };
        await node.Office.CreateAsync(sale, Cancel);
        var order = (await ClaimAsync(node, sale, "anna")).Order!;
        await world.UntilAsync(node, order, OrderStatus.Reserved);
        await EndAsync(world, node, sale);
        Assert.Equal(OrderStatus.Reserved, (await ReadAsync(node, order))?.Status);

        await world.PassAsync((int)sale.PaymentWindow.TotalMilliseconds);
        await world.UntilAsync(node, order, OrderStatus.Expired);
        Assert.Equal(1, world.Store.Contents(sale.Id).Stock.Available);
        await node.OrderDesk.DoAsync(
            new OrderCommand.Capture(PaymentId.Of(order.Id, 1), $"{order.Id}", order.Amount), Cancel);

        await world.UntilAsync(node, order, OrderStatus.Paid);
        await StaysGoneAsync(world, sale);
    });

    [Fact]
    public void F20_a_claim_that_was_lost_with_its_gate_is_rejected_when_the_sale_is_over() => Tell(async world =>
    {
        var node = await world.StartAsync(NodeRoles.Api);
        var sale = await CreateAsync(node);
        var lost = (await ClaimAsync(node, sale, "anna")).Order!;
        world.Gate.Empty();
        await world.StartAsync(NodeRoles.Worker);

        await EndAsync(world, node, sale);

        await world.UntilAsync(node, lost, OrderStatus.Rejected);
        Assert.Equal(RejectionReason.AdmissionLost, (await ReadAsync(node, lost))?.Rejection);
        await StaysGoneAsync(world, sale);
    });

    [Fact]
    public void Looks_at_many_gates_find_the_store_in_the_place_of_those_that_are_gone() => Tell(async world =>
    {
        var node = await world.StartAsync();
        var (over, open) = (await CreateAsync(node), await CreateAsync(node, quantity: 4, id: "open"));
        await EndAsync(world, node, over);

        var gate = (IRemoteGate)node.Gate;
        var looks = await gate.LookAtAllAsync([open.Id, over.Id, SaleId.Parse("missing")], Cancel);

        Assert.Equal(
            [(GateStanding.Open, 1), (GateStanding.Open, 2), (GateStanding.Missing, 0)],
            looks.Select(look => (look!.Value.Standing, (int)look.Value.Epoch)));
        Assert.Equal(4, looks[0]?.View?.Available);
    });

    /// <summary>A rebuild that stalled before its last step opens a gate that nobody needs any more.</summary>
    [Fact]
    public void What_a_gate_logs_that_was_opened_late_is_not_queued() => Tell(async world =>
    {
        var node = await world.StartAsync();
        var sale = await CreateAsync(node);
        await EndAsync(world, node, sale);
        await OpenLateAsync(world, sale);

        var audit = await node.Auditor.AuditAsync(sale.Id, Cancel);

        Assert.Equal(0, audit!.Queued);
        Assert.Empty(audit.Differences);
    });

    /// <summary>Opens a gate of the epoch before the end, which admits a claim.</summary>
    private static async Task<Claim> OpenLateAsync(SharedWorld world, Sale sale)
    {
        Assert.NotNull(await world.OpenLateAsync(sale));
        var claim = Samples.Claim(sale, "late");
        var batch = Samples.Batch(sale, claim);
        await world.Gate.ClaimAsync([batch], Cancel);
        Assert.Equal(Outcome.Admitted, batch.Answers[0].Outcome);
        return claim;
    }

    private static async Task EndAsync(SharedWorld world, Node node, Sale sale)
    {
        await world.UntilAsync("the sale was closed", async () =>
            await FaultAsync(() => node.Office.ChangeAsync(sale.Id, new SaleChange.Close(), Cancel)) is null);
        await world.PassAsync((int)SaleEnder.UsualPatience.TotalMilliseconds);
        await world.UntilAsync(
            "the sale was over", async () => await world.Store.FindEpochAsync(sale.Id, Cancel) is { IsOver: true });
        await world.PassAsync(2 * (int)SharedSaleOffice.Pause.TotalMilliseconds);
    }

    /// <summary>Nobody rebuilds the gate, and nothing waits to be told to it.</summary>
    private static async Task StaysGoneAsync(SharedWorld world, Sale sale)
    {
        await world.PassAsync(5_000);
        Assert.Equal(GateStanding.Missing, (await world.Gate.LookAsync(sale.Id, Cancel)).Standing);
        await world.UntilAsync("the outbox was empty", async () =>
            (await world.Store.ReadAsync(0, 1, Cancel)).Count == 0);
        Assert.True(world.Store.Contents(sale.Id).Stock.LawHolds);
    }
}
