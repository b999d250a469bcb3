using System.Globalization;
using Doorbuster.Simulation.Running;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>Many worlds keep the law, and between them try everything that must happen sometimes.</summary>
public sealed class SeedTests
{
    private const ulong Embedded = 1_840;
    private const ulong Nodes = 200;
    private const ulong Database = 200;

    [Fact]
    public void Every_seed_keeps_the_law_and_together_they_reach_every_branch_and_fault()
    {
        Campaign[] campaigns =
        [
            new(first: 1, Embedded, Environment.ProcessorCount, WorldKind.Embedded),
            new(first: 1, Nodes, Environment.ProcessorCount, WorldKind.Nodes),
            new(first: 1, Database, Environment.ProcessorCount, WorldKind.Database),
        ];
        foreach (var campaign in campaigns)
        {
            campaign.Run(longest: null, progress: null);
            Assert.True(campaign.Broken is null, Explain(campaign.Broken));
            Assert.True(campaign.Tally.Claims >= 150 * campaign.Tally.Seeds, "A world has 150 claims.");
        }

        Assert.Equal((long)(Embedded + Nodes + Database), campaigns.Sum(campaign => campaign.Tally.Seeds));
        Assert.Empty(campaigns.Select(one => one.Tally.Missing).Aggregate(Enumerable.Intersect));
        Assert.Empty(campaigns.Select(one => one.Tally.Unseen).Aggregate(Enumerable.Intersect));
    }

    [Fact]
    public void Every_seed_that_ever_failed_keeps_the_law()
    {
        var seeds = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "kept-seeds.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => (
                Kind: Enum.Parse<WorldKind>(words[0], ignoreCase: true),
                Seed: ulong.Parse(words[1], CultureInfo.InvariantCulture)))
            .ToArray();

        Assert.NotEmpty(seeds);
        Assert.All(seeds, kept => Assert.Null(World.Run(kept.Seed, kept.Kind).Broken));
    }

    private static string Explain(RunResult? result)
    {
        if (result?.Broken is not { } broken)
        {
            return "";
        }

        var shrinker = new Shrinker(result.Seed, result.Kind, broken.Law, World.Run);
        var (mask, shortest) = shrinker.Shrink(TimeSpan.FromSeconds(20));
        return Report.Failure(broken, mask, shortest, shrinker.Tried);
    }
}
