using Doorbuster.Simulation.Mutants;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>An engine without one of its guards is caught, whichever it is.</summary>
public sealed class MutantTests
{
    [Fact]
    public void The_auditor_catches_every_guard_that_is_taken_out()
    {
        Assert.True(MutantList.All.Count >= 20);
        Assert.Equal(MutantList.All.Count, MutantList.All.DistinctBy(mutant => mutant.Guard).Count());

        var ends = MutantHunt.Hunt(MutantList.All, MutantSeeds.Read(), Environment.ProcessorCount);

        Assert.All(ends, end => TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(end.Seed is { } seed ? $"seed {seed}" : "no seed")}: {end.Mutant.Guard} ({end.Law})"));
        Assert.Empty(ends.Where(end => end.Seed is null).Select(end => end.Mutant.Guard));
    }

    [Fact]
    public void Each_mutant_has_the_seed_that_catches_it_remembered() =>
        Assert.Equal(MutantList.All.Select(mutant => mutant.Guard).Order(), MutantSeeds.Read().Keys.Order());

    [Fact]
    public void A_guard_that_is_no_longer_in_the_source_is_named()
    {
        var mutant = new Mutant("something", "src/Doorbuster/Decision.cs", "what nobody wrote", "");

        Assert.Contains(
            "'something' is not in src/Doorbuster/Decision.cs",
            Assert.Throws<InvalidOperationException>(() => MutantBuild.With(mutant, _ => 0)).Message);
    }
}
