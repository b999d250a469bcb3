using System.Globalization;
using Doorbuster.Simulation.Running;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>Many worlds keep the law, and between them try everything that must happen sometimes.</summary>
public sealed class SeedTests
{
    private const ulong Seeds = 2_000;

    [Fact]
    public void Every_seed_keeps_the_law_and_together_they_reach_every_branch_and_fault()
    {
        var campaign = new Campaign(first: 1, Seeds, Environment.ProcessorCount);

        campaign.Run(longest: null, progress: null);

        Assert.True(campaign.Broken is null, Explain(campaign.Broken));
        Assert.Equal((long)Seeds, campaign.Tally.Seeds);
        Assert.Empty(campaign.Tally.Missing);
        Assert.Empty(campaign.Tally.Unseen);
        Assert.True(campaign.Tally.Claims >= 200 * campaign.Tally.Seeds, "A world has 200 claims.");
    }

    [Fact]
    public void Every_seed_that_ever_failed_keeps_the_law()
    {
        var seeds = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "kept-seeds.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => ulong.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))
            .ToArray();

        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Assert.Null(World.Run(seed).Broken));
    }

    private static string Explain(RunResult? result)
    {
        if (result?.Broken is not { } broken)
        {
            return "";
        }

        var shrinker = new Shrinker(result.Seed, broken.Law, World.Run);
        var (mask, shortest) = shrinker.Shrink(TimeSpan.FromSeconds(20));
        return Report.Failure(result.Seed, broken, mask, shortest, shrinker.Tried);
    }
}
