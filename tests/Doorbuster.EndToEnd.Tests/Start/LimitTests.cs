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
}
