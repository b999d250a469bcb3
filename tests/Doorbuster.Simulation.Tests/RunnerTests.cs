using Doorbuster.Simulation.Running;
using Doorbuster.Simulation.Weather;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>What the command line takes, and how a failure is made short.</summary>
public sealed class RunnerTests
{
    [Theory]
    [InlineData("--seeds 5", 1, 5)]
    [InlineData("--seeds 5 --world nodes", 1, 5)]
    [InlineData("--seeds 5 --world database", 1, 5)]
    [InlineData("--seeds 5 --seed 7 --minutes 0.5 --threads 2", 7, 5)]
    public void A_run_is_asked_for(string line, ulong first, ulong count)
    {
        var options = Options.Parse(line.Split(' '));

        Assert.Equal((first, count), (options!.FirstSeed, options.Seeds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--seed 5")]
    [InlineData("--seeds 0")]
    [InlineData("--seeds -1")]
    [InlineData("--seeds five")]
    [InlineData("--seeds 5 --minutes 0")]
    [InlineData("--seeds 5 --fast")]
    [InlineData("--seeds 5 --world flat")]
    public void Wrong_usage_is_refused(string line)
    {
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Null(Options.Parse(args));
        Assert.Equal(2, Program.Main(args));
    }

    [Fact]
    public void What_a_failure_does_not_need_is_left_out()
    {
        // It fails wherever buyer 3 comes and anything is aborted.
        var shrinker = new Shrinker(1, WorldKind.Embedded, "a law", (seed, _, mask, _) => Result(
            seed, fails: !mask.Buyers.Contains(3) && mask.Allows(FaultKind.CommitAborted, 0)));

        var (mask, result) = shrinker.Shrink(TimeSpan.FromSeconds(10));

        Assert.NotNull(result.Broken);
        Assert.Equal(WorldTerms.Draw(1, WorldKind.Embedded).Buyers - 1, mask.Buyers.Count);
        Assert.Equal(Faults.Kinds - 1, mask.Kinds.Count);
        Assert.Equal(1, mask.Visits);
    }

    private static RunResult Result(ulong seed, bool fails) => new(
        seed, WorldKind.Embedded, fails ? new LawBrokenException("a law", "broken") : null, 0, 0, 0,
        new int[Faults.Kinds], new int[Faults.Kinds], [], []);
}
