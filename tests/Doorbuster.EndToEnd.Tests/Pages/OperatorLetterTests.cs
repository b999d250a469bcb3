using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.EndToEnd.Tests.Shared;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>F09 and F16 on the dashboard: what is stuck is said at one look, and goes on by the page.</summary>
public sealed class OperatorLetterTests(Cluster cluster, Chrome chrome) : IClassFixture<Cluster>
{
    [Fact]
    public async Task A_dead_letter_is_seen_and_replayed_and_a_worker_that_dies_is_missed_by_operator_and_buyers()
    {
        var node = await cluster.StartAsync("api");
        var worker = await cluster.StartAsync("worker");
        var sale = await cluster.NewSaleAsync(node, new Terms(5));
        await cluster.Postgres.QueryAsync(
            "ALTER TABLE doorbuster.orders ADD CONSTRAINT poison CHECK (buyer <> 'mallory')");
        await using var comer = await Operator.ComeAsync(chrome, node.Api.Address);
        await comer.SeeAsync(".tile.good", "Everything flows.");

        var order = (await node.Buyer("mallory").ClaimAsync(sale, "k")).Is(202).Text("id");
        await comer.SeeAsync(".tile.bad", "Dead letters that wait for you: 1.");
        await comer.GoAsync("#/letters");
        await comer.SeeAsync("tbody tr", order);
        await comer.PressAsync($"Replay {order}", "Replay");
        await comer.SeeAsync(".notice.bad", "poison");
        await comer.Visitor.IsAccessibleAsync();

        await cluster.Postgres.QueryAsync("ALTER TABLE doorbuster.orders DROP CONSTRAINT poison");
        await comer.PressAsync($"Replay {order}", "Replay");
        await comer.SeeAsync(".panel", "No dead letters.");
        await node.Buyer("mallory").UntilStatusAsync(order, "reserved");
        await comer.SeeAsync(".tile.good", "Everything flows.");

        await worker.KillAsync();
        await comer.SeeAsync(".tile.bad", "No worker lives");
        await comer.GoAsync("#/nodes");
        await comer.SeeAsync("tbody .dot.bad", "Gone");
        await IsQueuedUntilThereIsAWorkerAsync(node);
        await comer.SeeAsync(".tile.warn", "Nodes that are not well: 1");
        Assert.Empty(comer.Visitor.Complaints);
    }

    /// <summary>A buyer whom the gate admitted is told so at once, and of the order as soon as there is one.</summary>
    private async Task IsQueuedUntilThereIsAWorkerAsync(Server node)
    {
        var (sale, buyer) = (await cluster.NewSaleAsync(node, new Terms(1)), node.Buyer("anna"));
        await using var visitor = await chrome.VisitAsync();
        await visitor.GoAsync(new Uri(node.Api.Address, $"/s/{sale}#token={buyer.Jwt}"));
        await visitor.UntilAsync("open");
        await visitor.ActAsync();
        await visitor.UntilAsync("queued");
        await visitor.Page.GetByText("You are in").WaitForAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.ReloadAsync();
        await visitor.UntilAsync("queued");
        var order = (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items")[0].GetProperty("id").GetString()!;
        await using var page = await chrome.VisitAsync();
        await page.GoAsync(new Uri(node.Api.Address, $"/o/{order}#token={buyer.Jwt}"));
        await page.UntilAsync("queued");

        await cluster.StartAsync("worker");

        await visitor.UntilAsync("reserved");
        await page.UntilAsync("reserved");
        Assert.Empty(visitor.Complaints);
    }
}
