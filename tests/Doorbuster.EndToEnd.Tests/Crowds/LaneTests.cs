using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Crowds;

/// <summary>More claims at once than may wait.</summary>
public sealed class LaneTests
{
    [Fact]
    public async Task A_claim_that_finds_the_lane_full_is_told_so_and_buys_when_it_tries_again()
    {
        const int Buyers = 400;
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Limits:LaneCapacity"] = "16",
                ["Doorbuster:Limits:BatchSize"] = "1",
            },
        };
        await using var server = await Server.StartAsync(plan);
        var sale = await server.CreateSaleAsync(new Terms(Buyers) { RequirePurchaseToken = false });
        var crowd = Enumerable.Range(0, Buyers).Select(n => Jwt.ForBuyer($"buyer-{n}")).ToList();
        var turnedAway = 0;

        var answers = await Rush.AtOnceAsync(Buyers, async n =>
        {
            while (true)
            {
                var answer = await server.Api.PostAsync(
                    $"/v1/sales/{sale}/orders", crowd[n], null, ("Idempotency-Key", "k"));
                if (answer.Status != 503)
                {
                    return answer;
                }

                answer.IsProblem(503, "busy");
                Interlocked.Increment(ref turnedAway);
            }
        });

        Assert.All(answers, answer => answer.Is(201));
        Assert.True(turnedAway > 0, "Nobody found the lane full.");
        Assert.Equal(Buyers, (await Audit.OfAsync(server.Api, sale)).Reserved);
    }
}
