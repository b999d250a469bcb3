using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>Nodes as processes of their own over a PostgreSQL that is their gate.</summary>
public sealed class StoreGateNodesTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Theory]
    [InlineData("conditional")]
    [InlineData("optimistic")]
    public async Task F01_A_node_that_is_killed_amid_claims_loses_nothing_and_doubles_nothing(string concurrency)
    {
        var (one, two) = (await StartAsync(concurrency), await StartAsync(concurrency));
        var sale = await cluster.NewSaleAsync(one, new Terms(40));
        string[] names = [.. Enumerable.Range(0, 60).Select(i => $"buyer-{i}")];
        foreach (var name in names)
        {
            await two.Buyer(name).TokenAsync(sale);
        }

        // Each buyer clicks at both nodes at once; one of them dies in the midst of it.
        var clicks = names.Select(ClickAsync).ToArray();
        await Waiting.UntilAsync("somebody was told", () => clicks.Any(click => click.IsCompleted));
        await one.KillAsync();
        await Task.WhenAll(clicks);

        var answers = await Task.WhenAll(names.Select(name => Answers.UntilAsync(
            "the claim was answered", () => two.Buyer(name).ClaimAsync(sale, "k"), answer => answer.Status != 503)));
        var orders = answers.Where(answer => answer.Status is 200 or 201).Select(answer => answer.Text("id")).ToList();
        Assert.Equal(40, orders.Distinct().Count());
        Assert.Equal(40, orders.Count);
        Assert.All(clicks.Select(click => click.Result).OfType<string>(), order => Assert.Contains(order, orders));
        Assert.Equal((0, 40, 0), Units(await Audit.OfAsync(two.Api, sale)));

        async Task<string?> ClickAsync(string name)
        {
            var second = two.Buyer(name).ClaimAsync(sale, "k");
            try
            {
                var first = await one.Buyer(name).ClaimAsync(sale, "k");
                return first.Status is 200 or 201 ? first.Text("id") : null;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                return null;
            }
            finally
            {
                await second;
            }
        }
    }

    [Fact]
    public async Task I1_Three_nodes_that_compare_versions_sell_every_unit_once_and_refuse_only_when_none_is_left()
    {
        Server[] nodes =
        [
            await StartAsync("optimistic"), await StartAsync("optimistic"), await StartAsync("optimistic"),
        ];
        var sale = await cluster.NewSaleAsync(nodes[0], new Terms(30));
        string[] names = [.. Enumerable.Range(0, 60).Select(i => $"buyer-{i}")];
        foreach (var name in names)
        {
            await nodes[0].Buyer(name).TokenAsync(sale);
        }

        var told = await Task.WhenAll(names.Select((name, i) => Answers.UntilAsync(
            "the claim was answered", () => nodes[i % 3].Buyer(name).ClaimAsync(sale, "k"),
            answer => answer.Status != 503)));

        Assert.Equal(30, told.Count(answer => answer.Status is 200 or 201));
        Assert.All(told.Where(answer => answer.Status is not (200 or 201)), one => one.IsProblem(409, "sold-out"));
        Assert.Equal((0, 30, 0), Units(await Audit.OfAsync(nodes[1].Api, sale)));
    }

    [Theory]
    [InlineData("conditional")]
    [InlineData("optimistic")]
    public async Task What_one_node_sold_cancelled_or_let_expire_another_sells_again_and_the_limit_holds_over_both(
        string concurrency)
    {
        var (api, worker) = (await StartAsync(concurrency, "api"), await StartAsync(concurrency, "api,worker"));
        var sale = await cluster.NewSaleAsync(api, new Terms(3) { PerBuyerLimit = 2, PaymentWindow = "PT3S" });
        var (anna, bert) = (api.Buyer("anna"), worker.Buyer("bert"));

        var order = (await anna.ClaimAsync(sale, "k")).Is(201).Text("id");
        Assert.Equal(order, (await worker.Buyer("anna").ClaimAsync(sale, "k")).Is(200).Text("id"));
        (await worker.Buyer("anna").ClaimAsync(sale, "k", quantity: 2)).IsProblem(422, "idempotency-key-reused");
        (await worker.Buyer("anna").ClaimAsync(sale, "k2", quantity: 2)).IsProblem(409, "buyer-limit-reached");
        Assert.Equal(1, (await worker.Buyer("anna").OrdersAsync(sale)).Json.GetProperty("items").GetArrayLength());

        var others = (await bert.ClaimAsync(sale, "k", quantity: 2)).Is(201).Text("id");
        (await api.Buyer("carl").ClaimAsync(sale, "k")).IsProblem(409, "sold-out");
        Assert.Equal("cancelled", (await bert.CancelAsync(others)).Is(200).Text("status"));
        (await api.Buyer("carl").ClaimAsync(sale, "k")).Is(201);

        await anna.UntilStatusAsync(order, "expired");
        (await api.Buyer("dora").ClaimAsync(sale, "k")).Is(201);
        Assert.Equal(order, (await anna.ClaimAsync(sale, "k")).Is(200).Text("id"));
        Assert.Equal(3, (await Audit.OfAsync(api.Api, sale)).Available + (await Audit.OfAsync(api.Api, sale)).Reserved);
    }

    [Fact]
    public async Task F16_A_postgres_that_is_killed_amid_a_sale_is_found_again_and_nothing_is_lost()
    {
        var node = await StartAsync("conditional");
        var sale = await cluster.NewSaleAsync(node, new Terms(3));
        var order = (await node.Buyer("anna").ClaimAsync(sale, "k")).Is(201).Text("id");
        await node.Buyer("bert").TokenAsync(sale);

        await cluster.Postgres.StopAsync();
        (await node.Buyer("bert").ClaimAsync(sale, "k")).IsProblem(503, "busy");
        await Answers.UntilAsync(
            "the node was not ready", () => node.Api.GetAsync("/health/ready"), answer => answer.Status == 503);
        await cluster.Postgres.StartAsync();

        await node.ReadyAsync();
        Assert.Equal(order, (await node.Buyer("anna").ClaimAsync(sale, "k")).Is(200).Text("id"));
        (await Answers.UntilAsync(
            "the sale went on", () => node.Buyer("bert").ClaimAsync(sale, "k"), answer => answer.Status != 503))
            .Is(201);
        Assert.Equal((1, 2, 0), Units(await Audit.OfAsync(node.Api, sale)));
    }

    private static (long Available, long Reserved, long Sold) Units(Audit audit) =>
        (audit.Available, audit.Reserved, audit.Sold);

    private Task<Server> StartAsync(string concurrency, string roles = "api,worker") => cluster.StartAsync(
        cluster.Plan(
            ("Doorbuster:Gate", "database"), ("Doorbuster:Queue", "none"),
            ("Doorbuster:Database:Concurrency", concurrency)) with
        {
            Arguments = ["--roles", roles],
        });
}
