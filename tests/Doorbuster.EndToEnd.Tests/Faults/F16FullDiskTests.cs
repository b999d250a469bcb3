using System.Diagnostics;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>F16: the disk is full.</summary>
public sealed class F16FullDiskTests
{
    private const int Quantity = 2_000;

    private static readonly TimeSpan ForAWhile = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task F16_a_full_disk_admits_nothing_and_heals_without_a_restart()
    {
        // Once it is empty there is room for the log of all that is sold, which is some 10 MB.
        await using var disk = await Tmpfs.MountAsync(megabytes: 64);
        await using var server = await Server.StartAsync(new ServerPlan(disk.Path));
        var sale = await server.CreateSaleAsync(new Terms(Quantity) { PerBuyerLimit = Quantity });
        var buyers = Enumerable.Range(0, 50).Select(n => server.Buyer($"buyer-{n}")).ToList();
        var order = (await buyers[0].ClaimAsync(sale, "before")).Is(201);
        var sold = 1 + await FillAsync(disk, sale, buyers);

        var full = await Audit.OfAsync(server.Api, sale);
        Assert.Equal(sold, full.Reserved);
        await RefusesEverythingAsync(server, sale, buyers);
        Assert.Equal(full, await Audit.OfAsync(server.Api, sale));
        Assert.Equal(order.Body, (await buyers[0].ClaimAsync(sale, "before")).Is(200).Body);
        Assert.Equal(order.Body, (await buyers[0].ReadAsync(order.Text("id"))).Is(200).Body);

        disk.Empty();
        await Answers.UntilAsync(
            "the server sold again", () => buyers[0].ClaimAsync(sale, "healed"), answer => answer.Status is 200 or 201);

        Assert.Equal(Quantity - sold - 1, await SellTheRestAsync(sale, buyers));
        var end = await Audit.OfAsync(server.Api, sale);
        Assert.Equal((0, Quantity), (end.Available, end.Reserved));
    }

    [Fact]
    public async Task F16_a_server_that_finds_the_disk_full_at_its_start_says_so_and_starts_once_there_is_room()
    {
        await using var disk = await Tmpfs.MountAsync(megabytes: 8);
        var plan = new ServerPlan(disk.Path);
        string sale;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(1));

            // A log that a kill leaves behind may still have room.
            server.Signal(Child.SigTerm);
            await server.ExitAsync();
        }

        disk.Fill();
        var refused = await Executable.RunAsync(plan.CommandLine, environment: plan.Environment);
        disk.Empty();

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("full", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        await using var restarted = await Server.StartAsync(plan);
        (await restarted.Buyer("anna").ClaimAsync(sale)).Is(201);
    }

    /// <summary>
    /// Fills the disk. What room the log still had goes to some claims, and once it was written back it has that room
    /// again, until the database cannot grow: full is what refuses for a while.
    /// </summary>
    /// <returns>How many units those were.</returns>
    private static async Task<int> FillAsync(Tmpfs disk, string sale, List<Buyer> buyers)
    {
        var sold = 0;
        long? refusedSince = null;
        disk.Fill();
        await Waiting.UntilAsync("claims met the full disk", async () =>
        {
            var answer = await buyers[sold % buyers.Count].ClaimAsync(sale, $"filling-{sold}");
            sold += answer.Status == 201 ? 1 : 0;
            disk.Fill();
            refusedSince = answer.Status == 201 ? null : refusedSince ?? Stopwatch.GetTimestamp();
            return refusedSince is { } since && Stopwatch.GetElapsedTime(since) > ForAWhile;
        });
        return sold;
    }

    private static async Task RefusesEverythingAsync(Server server, string sale, List<Buyer> buyers)
    {
        foreach (var buyer in buyers)
        {
            (await buyer.ClaimAsync(sale, "full", 2)).IsProblem(503, "busy");
        }

        var claims = await Task.WhenAll(buyers.Select(buyer => buyer.ClaimAsync(sale, "full-at-once")));
        Assert.All(claims, claim => claim.IsProblem(503, "busy"));
        var creation = await server.Api.PostAsync("/v1/sales", Jwt.ForOperator(), new Terms(1).ToJson().ToJsonString());
        creation.IsProblem(503, "busy");
        Assert.Equal(1, (await server.Api.GetAsync("/v1/sales")).Json.GetProperty("items").GetArrayLength());
    }

    /// <summary>Buys until nothing is left.</summary>
    /// <returns>Units bought.</returns>
    private static async Task<int> SellTheRestAsync(string sale, List<Buyer> buyers)
    {
        var sold = 0;
        await Task.WhenAll(buyers.Select(async buyer =>
        {
            for (var n = 0; ; n++)
            {
                var answer = await buyer.ClaimAsync(sale, $"rest-{n}");
                if (answer.Status != 201)
                {
                    Assert.Contains(answer.Problem, new[] { "sold-out", "buyer-limit-reached" });
                    return;
                }

                Interlocked.Increment(ref sold);
            }
        }));
        return sold;
    }
}
