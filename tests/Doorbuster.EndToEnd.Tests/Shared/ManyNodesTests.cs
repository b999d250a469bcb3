using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>Two API nodes and two workers as processes of their own, over a Redis and a PostgreSQL.</summary>
public sealed class ManyNodesTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact]
    public async Task F01_F07_nodes_that_are_killed_lose_nothing_and_double_nothing()
    {
        var (one, two) = (await StartAsync("api"), await StartAsync("api"));
        var worker = await StartAsync("worker");
        await StartAsync("worker");
        var sale = await cluster.NewSaleAsync(one, new Terms(40));
        string[] names = [.. Enumerable.Range(0, 60).Select(i => $"buyer-{i}")];
        foreach (var name in names)
        {
            await two.Buyer(name).TokenAsync(sale);
        }

        // Each buyer clicks at both nodes at once; one of them dies in the midst of it, and so does a worker.
        var clicks = Enumerable.Range(0, names.Length).Select(ClickAsync).ToArray();
        await Waiting.UntilAsync("somebody was told", () => clicks.Any(click => click.IsCompleted));
        await one.KillAsync();
        await worker.KillAsync();
        await Task.WhenAll(clicks);

        // A retry with the same key at the node that is left is the same order, or a first decision.
        var answers = await Task.WhenAll(names.Select(name => two.Buyer(name).ClaimAsync(sale, "k")));
        var orders = answers.Where(answer => answer.Status is 200 or 202).Select(answer => answer.Text("id")).ToList();
        Assert.Equal(40, orders.Count);
        Assert.Equal(40, orders.Distinct().Count());
        Assert.All(clicks.Select(click => click.Result).OfType<string>(), order => Assert.Contains(order, orders));
        await RestAsync(two, sale, available: 0, reserved: 40);

        async Task<string?> ClickAsync(int i)
        {
            var second = two.Buyer(names[i]).ClaimAsync(sale, "k");
            try
            {
                var first = await one.Buyer(names[i]).ClaimAsync(sale, "k");
                return first.Status is 200 or 202 ? first.Text("id") : null;
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
    public async Task One_buyers_limit_holds_over_two_nodes_and_a_double_click_is_one_order()
    {
        var (one, two) = (await StartAsync("api"), await StartAsync("api,worker"));
        var sale = await cluster.NewSaleAsync(one, new Terms(10) { PerBuyerLimit = 2 });

        var same = await Task.WhenAll(
            one.Buyer("anna").ClaimAsync(sale, "k"), two.Buyer("anna").ClaimAsync(sale, "k"));
        Assert.Single(same.Select(answer => answer.Text("id")).Distinct());
        var many = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            i => (i % 2 == 0 ? one : two).Buyer("anna").ClaimAsync(sale, $"k{i}")));

        Assert.Single(many, answer => answer.Status == 202);
        Assert.All(many.Where(answer => answer.Status != 202), answer => answer.IsProblem(409, "buyer-limit-reached"));
        await RestAsync(two, sale, available: 8, reserved: 2);
    }

    [Fact]
    public async Task F04_a_redis_that_comes_back_empty_is_opened_anew_and_sells_the_rest()
    {
        var node = await StartAsync("api,worker");
        var sale = await cluster.NewSaleAsync(node, new Terms(3));
        var order = (await node.Buyer("anna").ClaimAsync(sale, "k", 1, wait: 10)).Is(201).Text("id");

        await cluster.Redis.KillAsync();
        (await node.Buyer("anna").ReadAsync(order)).Is(200);
        await NotReadyAsync(node, $"Redis at 127.0.0.1:{cluster.Redis.Port}");
        await cluster.Redis.StartAsync();

        var bert = await Answers.UntilAsync(
            "the gate sold again",
            () => node.Buyer("bert").ClaimAsync(sale, "k"),
            answer => answer.Status is 200 or 202);
        Assert.Equal(order, (await node.Buyer("anna").ClaimAsync(sale, "k")).Is(200).Text("id"));
        await node.Buyer("bert").UntilStatusAsync(bert.Text("id"), "reserved");

        // A Redis that has just come back may be busy once more: nothing is admitted then, and nothing untrue told.
        await Answers.UntilAsync(
            "the last was sold",
            () => node.Buyer("carl").ClaimAsync(sale, "k", 1, wait: 10),
            answer => answer.Status is 200 or 201);
        (await node.Buyer("dora").ClaimAsync(sale)).IsProblem(409, "sold-out");
        await RestAsync(node, sale, available: 0, reserved: 3);
        await node.ReadyAsync();
    }

    [Fact]
    public async Task F16_a_postgres_that_is_restarted_mid_sale_is_found_again_and_nothing_is_lost()
    {
        var node = await StartAsync("api,worker");
        var sale = await cluster.NewSaleAsync(node, new Terms(3));
        await node.Buyer("anna").TokenAsync(sale);

        await cluster.Postgres.StopAsync();
        var queued = (await node.Buyer("anna").ClaimAsync(sale, "k")).Is(202).Text("id");
        await NotReadyAsync(node, $"PostgreSQL cannot be reached (127.0.0.1:{cluster.Postgres.Port}");

        // One that starts meanwhile waits too, and says for what.
        var late = cluster.Launch();
        await Waiting.UntilAsync("the late node waited", () => late.Log.Contains("PostgreSQL does not answer yet"));
        await cluster.Postgres.StartAsync();

        await node.Buyer("anna").UntilAsync(
            queued, "the order was reserved", answer => answer.Status == 200 && answer.Text("status") == "reserved");
        await RestAsync(node, sale, available: 2, reserved: 1);
        await node.ReadyAsync();
        await late.ReadyAsync();
    }

    [Fact]
    public async Task F18_a_process_with_a_gate_of_its_own_is_refused_where_nodes_share_the_store()
    {
        await StartAsync("worker");

        var plan = cluster.Plan(("Doorbuster:Gate", "memory"), ("Doorbuster:Queue", "none"));
        var refused = await Executable.RunAsync(plan.CommandLine, environment: plan.Environment);

        Assert.True(
            refused.ExitCode == 1 && refused.Errors.Contains("Nodes with Doorbuster:Gate=redis work on"),
            refused.ToString());
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watchers_at_one_node_are_told_what_becomes_of_their_order_in_other_processes()
    {
        var (one, two) = (await StartAsync("api"), await StartAsync("api"));
        await StartAsync("worker");
        var sale = await cluster.NewSaleAsync(one, new Terms(3));
        var path = $"/v1/sales/{sale}/live?purchaseToken={await one.Buyer("anna").TokenAsync(sale)}";
        await using var socket = await LiveSocket.OpenAsync(two.Api.Address, path);
        await using var stream = await LiveStream.OpenAsync(two.Api.Address, path);
        ILiveClient[] watchers = [socket, stream];
        await Task.WhenAll(watchers.Select(watcher => watcher.Log.ForAsync("snapshot")));

        var order = (await one.Buyer("anna").ClaimAsync(sale, "k")).Is(202).Text("id");
        await ToldAsync("reserved");
        (await one.Buyer("anna").CancelAsync(order)).Is(200);
        await ToldAsync("cancelled");

        // The same is found by looking, and told once.
        Assert.All(watchers, watcher => Assert.Equal(2, watcher.Log.Of("order").Count));

        Task ToldAsync(string status) => Task.WhenAll(watchers.Select(watcher => watcher.Log.ForAsync(
            "order",
            message => message.GetProperty("order").GetProperty("id").GetString() == order
                && message.GetProperty("order").GetProperty("status").GetString() == status)));
    }

    [Fact]
    public async Task A_node_that_is_killed_is_told_as_gone_and_one_that_stops_is_listed_no_more()
    {
        var api = await StartAsync("api");
        var (worker, stopping) = (await StartAsync("worker"), await StartAsync("api,worker"));
        Server[] started = [api, worker, stopping];
        var listed = await NodesAsync(
            api, nodes => Array.TrueForAll(started, one => Of(nodes, one) is { } node && IsReady(node)));
        Assert.Equal(["api"], RolesOf(listed, api));
        Assert.Equal(["worker"], RolesOf(listed, worker));
        Assert.Equal(["api", "worker"], RolesOf(listed, stopping));
        Assert.True(Of(listed, worker)?.GetProperty("lagMs").GetInt64() >= 0);

        await worker.KillAsync();
        stopping.Signal(Child.SigTerm);
        await stopping.ExitAsync();

        var left = await NodesAsync(
            api,
            nodes => Of(nodes, worker)?.GetProperty("status").GetString() == "gone" && Of(nodes, stopping) is null);
        Assert.Equal("live", Of(left, api)?.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_dashboard_at_one_node_shows_what_all_of_them_have_answered()
    {
        var (one, two) = (await StartAsync("api"), await StartAsync("api"));
        await StartAsync("worker");
        var sale = await cluster.NewSaleAsync(one, new Terms(3));
        await using var stream = await LiveStream.OpenAsync(
            two.Api.Address, $"/v1/live?saleId={sale}", ("Authorization", $"Bearer {Jwt.ForOperator()}"));
        foreach (var (node, buyer) in new[] { (one, "anna"), (two, "bert"), (one, "carl") })
        {
            (await node.Buyer(buyer).ClaimAsync(sale, "k")).Is(202);
        }

        (await one.Buyer("dora").ClaimAsync(sale)).IsProblem(409, "sold-out");
        await RestAsync(one, sale, available: 0, reserved: 3);

        var message = await stream.Log.ForAsync("figures", message =>
            message.GetProperty("sales")[0].GetProperty("reserved").GetInt64() == 3
            && message.GetProperty("sales")[0].GetProperty("claims").GetProperty("total").GetInt64() == 4);
        var shown = message.GetProperty("sales")[0];
        Assert.Equal(
            """{"total":4,"admitted":3,"replayed":0,"refused":{"sold_out":1}}""",
            shown.GetProperty("claims").GetRawText());
        Assert.Equal((0, 0, "open"), (shown.GetProperty("queued").GetInt64(),
            shown.GetProperty("gateAvailable").GetInt64(), shown.GetProperty("gate").GetString()));
        Assert.True(shown.GetProperty("lawHolds").GetBoolean());
        Assert.True(message.GetProperty("nodes").GetArrayLength() >= 3);
    }

    [Fact]
    public async Task A_worker_answers_for_its_health_alone()
    {
        var worker = await StartAsync("worker");

        (await worker.Api.GetAsync("/v1/sales")).IsProblem(503, "busy");
        (await worker.Api.GetAsync("/health/live")).Is(200);
    }

    /// <summary>Waits until a node says that it is not ready, and why.</summary>
    private static Task NotReadyAsync(Server node, string why) => Answers.UntilAsync(
        $"the node said: {why}", () => node.Api.GetAsync("/health/ready"),
        answer => answer.Status == 503 && answer.Body.Contains(why, StringComparison.Ordinal));

    /// <summary>The nodes, once they are as they should be.</summary>
    private static async Task<IReadOnlyList<JsonElement>> NodesAsync(
        Server node, Func<IReadOnlyList<JsonElement>, bool> isSo)
    {
        static IReadOnlyList<JsonElement> ItemsOf(Answer answer) =>
            [.. answer.Is(200).Json.GetProperty("items").EnumerateArray()];
        return ItemsOf(await Answers.UntilAsync(
            "the nodes were listed", () => node.Api.GetAsync("/v1/nodes", Jwt.ForOperator()),
            answer => isSo(ItemsOf(answer))));
    }

    private static bool IsReady(JsonElement node) =>
        node.GetProperty("status").GetString() == "live" && node.GetProperty("ready").GetBoolean();

    /// <summary>A process among the nodes; null where it is not listed.</summary>
    private static JsonElement? Of(IReadOnlyList<JsonElement> nodes, Server process) =>
        nodes.Select(node => (JsonElement?)node).FirstOrDefault(node => node!.Value.GetProperty("name").GetString()!
            .EndsWith($"/{process.ProcessId}", StringComparison.Ordinal));

    private static IEnumerable<string?> RolesOf(IReadOnlyList<JsonElement> nodes, Server process) =>
        Of(nodes, process)!.Value.GetProperty("roles").EnumerateArray().Select(role => role.GetString());

    private Task<Server> StartAsync(string roles) => cluster.StartAsync(roles);

    /// <summary>Waits until every claim is an order, and audits.</summary>
    private static async Task RestAsync(Server node, string sale, int available, int reserved)
    {
        await Waiting.UntilAsync("everything was committed", async () =>
        {
            var answer = await node.Api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator());
            return answer.Status == 200 && answer.Json.GetProperty("lawHolds").GetBoolean()
                && answer.Number("reserved") == reserved;
        });
        var audit = await Audit.OfAsync(node.Api, sale);
        Assert.Equal((available, reserved), (audit.Available, audit.Reserved));
    }
}
