using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// Desk, lanes and gate keep to their thread and to the injected sources: one seed is one history, down to the line,
/// in this process and in any other.
/// </summary>
public sealed class LaneDeterminismTests
{
    private const int Seeds = 400;

    [Fact]
    public void Every_seed_ends_with_the_law_kept_and_everyone_told_the_truth()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fault = Record.Exception(() => World.Run(seed));
            Assert.True(fault is null, $"Seed {seed}: {fault}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_seed_is_one_history(int seed) => Assert.Equal(World.Run(seed), World.Run(seed));

    [Fact]
    public void Different_seeds_are_different_histories() =>
        Assert.Equal(50, Enumerable.Range(0, 50).Select(seed => string.Join('\n', World.Run(seed))).Distinct().Count());

    [Fact]
    public void The_histories_reach_every_kind_of_answer_and_fault()
    {
        var lines = Enumerable.Range(0, 100).SelectMany(World.Run).ToArray();
        string[] kinds =
        [
            " admitted ", " same order ", " key reused ", " not open ", " closed ", " busy ", " limit ", " sold out ",
            " too few ", " unknown ", ": None", ": Failed", ": UnknownAndDone", ": UnknownAndNotDone",
            "read back: True", "read back: False", "audit ",
        ];

        Assert.All(kinds, kind => Assert.True(
            lines.Count(line => line.Contains(kind, StringComparison.Ordinal)) >= 20, $"'{kind}' is rare."));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task One_seed_is_one_history_in_two_other_processes(int seed)
    {
        var here = World.Run(seed);

        Assert.Equal(here, await AnotherProcess.TraceAsync(Program.LanesVerb, seed, tieredCompilation: "1"));
        Assert.Equal(here, await AnotherProcess.TraceAsync(Program.LanesVerb, seed, tieredCompilation: "0"));
    }
}
