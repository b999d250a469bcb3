using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// F11, F12 and F19 under every weather a seed draws: whatever overlaps, fails or comes twice, units and money agree at
/// rest, and one seed is one history.
/// </summary>
public sealed class LifeDeterminismTests
{
    private const int Seeds = 400;

    [Fact]
    public void F11_Every_seed_ends_with_units_and_money_agreed()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fault = Record.Exception(() => LifeWorld.Run(seed));
            Assert.True(fault is null, $"Seed {seed}: {fault}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void One_seed_is_one_history(int seed) => Assert.Equal(LifeWorld.Run(seed), LifeWorld.Run(seed));

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task One_seed_is_one_history_in_two_other_processes(int seed)
    {
        var here = LifeWorld.Run(seed);

        Assert.Equal(here, await AnotherProcess.TraceAsync(Program.LifeVerb, seed, tieredCompilation: "1"));
        Assert.Equal(here, await AnotherProcess.TraceAsync(Program.LifeVerb, seed, tieredCompilation: "0"));
    }

    [Fact]
    public void The_histories_reach_every_turn_that_an_order_can_take()
    {
        var lines = Enumerable.Range(0, 60).SelectMany(LifeWorld.Run).ToArray();
        string[] kinds =
        [
            "Capture: Done Paid Captured", "Capture: Done Expired Captured", "Capture: Stands", "RefundDue",
            "Cancel: Done Cancelled", "Cancel: Refused", "OutcomeUnknownException", "StoreUnavailableException",
            "Replenish", "revived: 1", "same order Expired", "same order Paid",
        ];

        Assert.All(kinds, kind => Assert.True(
            lines.Count(line => line.Contains(kind, StringComparison.Ordinal)) >= 5, $"'{kind}' is rare."));
    }
}
