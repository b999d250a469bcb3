using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>One process that is API and worker, over a Redis and a PostgreSQL.</summary>
public sealed class OneNodeTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact]
    public async Task A_claim_is_queued_then_reserved_and_whoever_waits_is_told_the_order()
    {
        var node = await cluster.StartAsync();
        var sale = await cluster.NewSaleAsync(node, new Terms(3) { PerBuyerLimit = 2 });
        var anna = node.Buyer("anna");

        var queued = (await anna.ClaimAsync(sale, "k1")).Is(202);
        Assert.Equal(("queued", "1"), (queued.Text("status"), queued.Header("Retry-After")));
        var order = queued.Text("id");
        Assert.Equal($"/v1/orders/{order}", queued.Header("Location"));

        // Between the claim and its order nobody is ever told that there is none.
        await anna.UntilAsync(order, "the order was reserved", answer =>
        {
            Assert.Contains(answer.Is(200).Text("status"), (string[])["queued", "reserved"]);
            return answer.Text("status") == "reserved";
        });
        Assert.Equal(order, (await anna.ClaimAsync(sale, "k1")).Is(200).Text("id"));

        var waited = (await anna.ClaimAsync(sale, "k2", quantity: 1, wait: 10)).Is(201);
        Assert.Equal(("reserved", "wait=10"), (waited.Text("status"), waited.Header("Preference-Applied")));
        (await anna.ClaimAsync(sale, "k1", quantity: 2)).IsProblem(422, "idempotency-key-reused");
        (await anna.ClaimAsync(sale, "k3")).IsProblem(409, "buyer-limit-reached");
        Assert.Equal(2, (await anna.OrdersAsync(sale)).Json.GetProperty("items").GetArrayLength());
        (await node.Buyer("bert").ReadAsync(order)).IsProblem(404, "order-not-found");
        Assert.Equal((1, 2), Units(await Audit.OfAsync(node.Api, sale)));
    }

    [Fact]
    public async Task What_is_cancelled_or_expires_can_be_bought_again_and_what_is_paid_is_sold()
    {
        var node = await cluster.StartAsync();
        var sale = await cluster.NewSaleAsync(node, new Terms(3) { PaymentWindow = "PT3S" });
        var (anna, bert, carl) = (node.Buyer("anna"), node.Buyer("bert"), node.Buyer("carl"));
        var paid = (await anna.ClaimAsync(sale, "k", 1, wait: 10)).Is(201).Text("id");
        var expiring = (await bert.ClaimAsync(sale, "k", 1, wait: 10)).Is(201).Text("id");
        var given = (await carl.ClaimAsync(sale, "k", 1, wait: 10)).Is(201).Text("id");
        (await node.Buyer("dora").ClaimAsync(sale)).IsProblem(409, "sold-out");

        var payment = (await anna.PayAsync(paid)).Is(201).Text("paymentId");
        (await new Events(node.Api, TimeProvider.System).CaptureAsync(payment, paid)).Is(200);
        await anna.UntilStatusAsync(paid, "paid");
        Assert.Equal("cancelled", (await carl.CancelAsync(given)).Is(200).Text("status"));
        await Waiting.UntilAsync(
            "the unit was bought again", async () => (await node.Buyer("dora").ClaimAsync(sale, "k")).Status != 409);

        await bert.UntilStatusAsync(expiring, "expired");
        await Waiting.UntilAsync(
            "the unit was bought again", async () => (await node.Buyer("emil").ClaimAsync(sale, "k")).Status != 409);
        var last = (await node.Buyer("emil").ClaimAsync(sale, "k")).Text("id");
        await node.Buyer("emil").UntilStatusAsync(last, "expired");
        var end = await Audit.AtRestAsync(node.Api, sale);
        Assert.Equal((2, 1), (end.Available + end.Reserved, end.Sold));
    }

    [Theory]
    [InlineData("k")]
    [InlineData(null)]
    public async Task F02_a_redis_that_answers_too_late_has_decided_once_and_a_retry_is_the_same_order(string? sent)
    {
        var node = await cluster.StartAsync(cluster.Plan(("Doorbuster:Redis:CallTimeout", "00:00:00.500")));
        var sale = await cluster.NewSaleAsync(node, new Terms(3));
        var anna = node.Buyer("anna");
        await anna.TokenAsync(sale);

        var unknown = await cluster.Redis.WhilePausedAsync(() => anna.ClaimAsync(sale, sent));
        unknown.IsProblem(503, "outcome-unknown");
        var key = unknown.Text("idempotencyKey");
        Assert.Equal(sent ?? key, key);

        var retried = await Answers.UntilAsync(
            "the claim was answered", () => anna.ClaimAsync(sale, key), answer => answer.Status != 503);
        await anna.UntilStatusAsync(retried.Text("id"), "reserved");
        Assert.Equal((2, 1), Units(await Audit.OfAsync(node.Api, sale)));
    }

    [Fact]
    public async Task An_operators_change_holds_for_the_next_claim()
    {
        var node = await cluster.StartAsync();
        var sale = await cluster.NewSaleAsync(node, new Terms(1));
        var buyer = node.Buyer("anna");

        (await node.Api.OperateAsync(sale, "pause")).Is(200);
        (await buyer.ClaimAsync(sale)).IsProblem(409, "sale-paused");
        (await node.Api.OperateAsync(sale, "resume")).Is(200);
        (await buyer.ClaimAsync(sale)).Is(202);
        (await node.Buyer("bert").ClaimAsync(sale)).IsProblem(409, "sold-out");
        (await node.Api.OperateAsync(sale, "replenish", """{"quantity":2,"requestId":"r"}""")).Is(200);
        (await node.Buyer("bert").ClaimAsync(sale, "k", 1, wait: 10)).Is(201);
        var late = node.Buyer("carl");
        await late.TokenAsync(sale);
        (await node.Api.OperateAsync(sale, "close")).Is(200);
        (await late.ClaimAsync(sale)).IsProblem(409, "sale-closed");
        Assert.Equal((1, 2), Units(await Audit.OfAsync(node.Api, sale)));
    }

    [Fact]
    public async Task The_commands_that_ask_a_server_work_as_with_any_other()
    {
        var plan = cluster.Plan() with { HasKeys = false };
        var node = await cluster.StartAsync(plan);
        string[] server = ["--server", $"http://127.0.0.1:{plan.Port}", "--data", plan.DataDirectory];
        var sale = cluster.Name("drop");

        await RunAsync(
            ["sale", "create", "--id", sale, "--title", "T", "--quantity", "50", "--price", "100", .. server]);
        var load = await RunAsync(["load", "--sale", sale, "--buyers", "200", "--json", .. server]);
        Assert.Contains("\"buyers\":200", load.Output, StringComparison.Ordinal);
        await Waiting.UntilAsync("everything was reserved", async () =>
        {
            var audit = await Executable.RunAsync(["audit", "--sale", sale, "--json", .. server]);
            return audit.ExitCode == 0 && audit.Output.Contains("\"reserved\":50", StringComparison.Ordinal);
        });
        Assert.False(node.HasExited);
    }

    [Fact]
    public async Task A_server_that_will_not_do_is_refused_or_said_not_to_be_ready()
    {
        var missing = cluster.Plan(("Doorbuster:Postgres:Schema", "nothing_here"));
        var refused = await Executable.RunAsync(missing.CommandLine, environment: missing.Environment);
        Assert.True(refused.ExitCode == 1 && refused.Errors.Contains("doorbuster migrate"), refused.ToString());

        await using var evicting = new LoopbackRedis();
        await evicting.StartAsync("--maxmemory-policy", "allkeys-lru");
        var node = cluster.Launch(cluster.Plan(("ConnectionStrings:Redis", evicting.ConnectionString)));
        await Waiting.UntilAsync("the server served", () => node.Log.Contains("serves at", StringComparison.Ordinal));
        var ready = (await node.Api.GetAsync("/health/ready")).IsProblem(503, "not-ready");
        Assert.Contains("noeviction", ready.Body, StringComparison.Ordinal);
    }

    private static (long Available, long Reserved) Units(Audit audit) => (audit.Available, audit.Reserved);

    private static async Task<Finished> RunAsync(string[] arguments)
    {
        var run = await Executable.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
