using Doorbuster.Claims;
using Xunit;

namespace Doorbuster.Tests.Shared;

/// <summary>Nodes whose shared gate is lost while they sell: they open it anew, and tell buyers the truth.</summary>
public sealed class SharedRebuildTests
{
    [Fact]
    public void F03_a_gate_that_is_damaged_is_opened_anew_and_nobody_is_forgotten() => SharedWorld.Tell(async world =>
    {
        var api = await world.StartAsync(NodeRoles.Api);
        var worker = await world.StartAsync(NodeRoles.Worker);
        var sale = await SharedWorld.CreateAsync(api, quantity: 3);
        var anna = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
        world.Gate.Damage(sale.Id);
        var bert = await SharedWorld.ClaimAsync(api, sale, "bert");
        Assert.Equal(Outcome.SaleUnknown, bert.Outcome);

        await world.UntilAsync("the gate is open again", async () =>
            (await world.Gate.LookAsync(sale.Id, CancellationToken.None)) is { Standing: GateStanding.Open, Epoch: 2 });

        await world.UntilAsync(worker, anna, OrderStatus.Reserved);
        Assert.Equal(Outcome.Admitted, (await SharedWorld.ClaimAsync(api, sale, "bert")).Outcome);
        await world.AuditAsync(sale, available: 1);
    });

    [Fact]
    public void I4_a_claim_that_was_lost_with_its_gate_is_found_by_the_node_that_had_queued_it() =>
        SharedWorld.Tell(async world =>
        {
            var api = await world.StartAsync(NodeRoles.Api);
            var sale = await SharedWorld.CreateAsync(api, quantity: 3);
            var anna = (await SharedWorld.ClaimAsync(api, sale, "anna")).Order!;
            world.Gate.Delete(sale.Id, [.. world.Gate.LogOf(sale.Id).Select(entry => entry.Id)]);
            world.Gate.Damage(sale.Id);

            await world.UntilAsync("the store has the rejection", () => ValueTask.FromResult(
                world.Store.Find(anna.Id) is [{ Rejection: RejectionReason.AdmissionLost }]));

            await world.UntilAsync(api, anna, OrderStatus.Rejected);
            await world.AuditAsync(sale, available: 3);
        });
}
