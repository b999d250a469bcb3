using System.Collections.Concurrent;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Start;

/// <summary>What grows stops growing where the settings say, and says so.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Limits_of_sales_orders_and_tokens_are_kept_and_survive_a_restart()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Limits:MaxSales"] = "2",
                ["Doorbuster:Limits:OrdersPerBuyer"] = "3",
                ["Doorbuster:PurchaseTokens:PerBuyerPerMinute"] = "1",
            },
        };
        for (var start = 0; start < 2; start++)
        {
            await using var server = await Server.StartAsync(plan);
            if (start == 0)
            {
                await server.CreateSaleAsync(new Terms(50) { Id = "a", PerBuyerLimit = 50 });
                await server.CreateSaleAsync(new Terms(50) { Id = "b", PerBuyerLimit = 50 });
            }

            (await server.Api.CreateAsync(new Terms(1))).IsProblem(409, "sale-limit-reached");
            var anna = server.Buyer("anna");
            for (var n = 0; n < 3; n++)
            {
                (await anna.ClaimAsync("a", $"key-{n}")).Is(start == 0 ? 201 : 200);
            }

            (await anna.ClaimAsync("a", "one-more")).IsProblem(409, "buyer-limit-reached");
            await Answers.UntilAsync(
                "a minute's tokens were used up",
                () => server.Api.PostAsync("/v1/sales/b/purchase-tokens", anna.Jwt),
                answer => answer.Problem == "rate-limited");
        }
    }

    [Fact]
    public async Task A_sale_has_so_many_orders_though_its_units_came_back()
    {
        await using var shop = await TurnedShop.OpenAsync(Limit("OrdersPerSale", 1_000));
        var sale = await shop.NewSaleAsync(new Terms(1));
        for (var n = 0; n < 1_000; n++)
        {
            var buyer = shop.NewBuyer();
            (await buyer.CancelAsync(await buyer.OrderAsync(sale))).Is(200);
        }

        var refused = await shop.NewBuyer().ClaimAsync(sale);

        refused.IsProblem(503, "busy");
        Assert.InRange(refused.RetryAfterSeconds(), 1, 60);
    }

    [Fact]
    public async Task An_order_has_so_many_payments_and_money_is_recorded_all_the_same()
    {
        await using var shop = await TurnedShop.OpenAsync(Limit("PaymentsPerOrder", 2));
        var sale = await shop.NewSaleAsync(new Terms(1));
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(sale);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            (await buyer.PayAsync(order)).Is(201);
            (await shop.Events.FailAsync($"{order}.{attempt}", order)).Is(200);
        }

        (await buyer.PayAsync(order)).IsProblem(409, "order-not-payable");
        (await shop.Events.CaptureAsync("theirs", order)).Is(200);

        Assert.Equal("paid", (await buyer.ReadAsync(order)).Text("status"));
    }

    [Fact]
    public async Task A_sale_has_so_many_revisions_and_can_still_be_paused_and_closed()
    {
        await using var shop = await TurnedShop.OpenAsync(Limit("RevisionsPerSale", 2));
        var sale = await shop.NewSaleAsync(new Terms(1));
        const string More = """{"quantity":1,"requestId":"first"}""";
        (await shop.Api.OperateAsync(sale, "replenish", More)).Is(200);

        var refused = await shop.Api.OperateAsync(sale, "replenish", """{"quantity":1,"requestId":"second"}""");

        refused.IsProblem(422, "invalid-request");
        Assert.Contains("RevisionsPerSale", refused.Body, StringComparison.Ordinal);
        (await shop.Api.PatchAsync(sale, "*", """{"title":"Other"}""")).IsProblem(422, "invalid-request");
        Assert.Equal(2, (await shop.Api.OperateAsync(sale, "replenish", More)).Is(200).Number("quantity"));
        foreach (var turn in (string[])["pause", "resume", "close"])
        {
            (await shop.Api.OperateAsync(sale, turn)).Is(200);
        }
    }

    [Fact]
    public async Task So_many_audits_run_at_once_and_one_more_is_told_to_come_again()
    {
        var counting = new ConcurrentQueue<TaskCompletionSource>();
        var sales = new FaultySales
        {
            BeforeReport = () =>
            {
                var hold = new TaskCompletionSource();
                counting.Enqueue(hold);
                return hold.Task;
            },
        };
        await using var shop = await TurnedShop.OpenAsync(Limit("AuditsAtOnce", 2), configure: sales.Configure);
        var sale = await shop.NewSaleAsync(new Terms(1));
        var path = $"/v1/sales/{sale}/audit";
        Task<Answer>[] audits = [.. Enumerable.Range(0, 2).Select(_ => shop.Api.GetAsync(path, Jwt.ForOperator()))];
        await Waiting.UntilAsync("two audits were counting", () => counting.Count == 2);

        var third = await shop.Api.GetAsync(path, Jwt.ForOperator());

        third.IsProblem(503, "busy");
        Assert.InRange(third.RetryAfterSeconds(), 1, 10);
        sales.BeforeReport = null;
        Assert.All(counting, hold => hold.SetResult());
        Assert.All(await Task.WhenAll(audits), audit => audit.Is(200));
        (await shop.Api.GetAsync(path, Jwt.ForOperator())).Is(200);
    }

    [Fact]
    public async Task So_many_of_the_sandboxs_payments_wait_and_one_more_is_told_to_come_again()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Payments:Sandbox:MaxWaiting"] = "16",
                ["Doorbuster:Payments:Sandbox:Delay"] = "01:00:00",
            },
        });
        var sale = await server.CreateSaleAsync(new Terms(1));
        var buyer = server.Buyer("anna");
        var order = await buyer.OrderAsync(sale);
        var page = new Uri((await buyer.PayAsync(order)).Is(201).Text("checkoutUrl"));
        using var http = new HttpClient();
        for (var n = 0; n < 17; n++)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("outcome", "decline")]);
            using var answer = await http.PostAsync(page, form);
            Assert.Equal(n < 16 ? 202 : 503, (int)answer.StatusCode);
        }
    }

    private static Dictionary<string, string?> Limit(string name, int value) =>
        new() { [$"Doorbuster:Limits:{name}"] = $"{value}" };
}
