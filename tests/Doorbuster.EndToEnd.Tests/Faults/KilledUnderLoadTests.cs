using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>SIGKILL, again and again, while a crowd buys.</summary>
public sealed class KilledUnderLoadTests
{
    private const int Kills = 20;
    private const int AttemptsBetween = 150;
    private const int Quantity = 8_000;
    private const int Limit = 60;
    private const int Buyers = 300;
    private const int Seed = 21;

    [Fact]
    public async Task Twenty_kills_under_load_lose_no_order_and_the_sale_sells_to_the_last_unit()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        var random = new Random(Seed);
        var server = await Server.StartAsync(plan);
        try
        {
            var sale = await server.CreateSaleAsync(new Terms(Quantity) { PerBuyerLimit = Limit });
            var buyers = Enumerable.Range(0, Buyers).Select(n => server.Buyer($"buyer-{n}")).ToList();
            await Parallel.ForEachAsync(buyers, async (buyer, _) => await buyer.TokenAsync(sale));
            await using var crowd = new StubbornCrowd(server.Api.Address, sale, buyers, workers: 24);
            for (var kill = 0; kill < Kills; kill++)
            {
                crowd.Allow(AttemptsBetween);
                await crowd.ReachAsync(crowd.Receipts.Count + random.Next(1, AttemptsBetween / 2));
                await server.KillAsync();
                var answered = crowd.Receipts;
                await server.DisposeAsync();
                server = await Server.StartAsync(plan);
                await FindsAgainAsync(server, answered);
                await Audit.OfAsync(server.Api, sale);
            }

            Assert.True(crowd.Retries >= Kills, $"{crowd.Retries} retries: the kills met nobody.");
            await crowd.BuyOutAsync();
            await FindsAgainAsync(server, crowd.Receipts);
            await IsSoldExactlyAsync(server, sale, crowd.Receipts);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Every order that was ever answered stands, as it was answered.</summary>
    private static async Task FindsAgainAsync(Server server, IReadOnlyCollection<Receipt> receipts) =>
        await Parallel.ForEachAsync(
            receipts,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (receipt, _) =>
            {
                var read = await server.Api.GetAsync($"/v1/orders/{receipt.Id}", receipt.Attempt.Buyer.Jwt);
                Assert.Equal(receipt.Order, read.Is(200).Body);
            });

    private static async Task IsSoldExactlyAsync(Server server, string sale, IReadOnlyCollection<Receipt> receipts)
    {
        var end = await Audit.OfAsync(server.Api, sale);
        Assert.Equal((0, Quantity), (end.Available, end.Reserved));
        Assert.Equal(Quantity, receipts.Sum(receipt => receipt.Attempt.Quantity));
        Assert.Equal(receipts.Count, receipts.DistinctBy(receipt => receipt.Id).Count());
        Assert.All(
            receipts.GroupBy(receipt => receipt.Attempt.Buyer.Id),
            own => Assert.InRange(own.Sum(receipt => receipt.Attempt.Quantity), 1, Limit));

        using var wire = await Wire.ConnectAsync(server.Api.Address);
        foreach (var receipt in receipts.Take(200))
        {
            await wire.SendAsync(await receipt.Attempt.AtAsync(sale));
            Assert.Equal(receipt.Order, (await wire.ReadAnswerAsync()).Is(200).Body);
        }
    }
}
