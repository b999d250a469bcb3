using Doorbuster.Simulation.Mutants;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>An engine without one of its guards is caught, whichever it is.</summary>
public sealed class MutantTests
{
    private static readonly Lazy<MutantBuild> Build = new(() => new MutantBuild(MutantList.All));

    [Fact]
    public void The_auditor_catches_every_guard_that_is_taken_out()
    {
        Assert.True(MutantList.All.Count >= 20);
        Assert.Equal(MutantList.All.Count, MutantList.All.DistinctBy(mutant => mutant.Guard).Count());

        var ends = MutantHunt.Hunt(Build.Value, MutantList.All, MutantSeeds.Read(), Environment.ProcessorCount);

        Assert.All(ends, end => TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(end.Seed is { } seed ? $"seed {seed}" : "no seed")}: {end.Mutant.Guard} ({end.Law})"));
        Assert.Empty(ends.Where(end => end.Seed is null).Select(end => end.Mutant.Guard));
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("nodes")]
    [InlineData("database")]
    public void The_copy_that_has_the_mutants_keeps_the_law_where_none_of_them_is_wanted(string kind) =>
        Assert.Null(Build.Value.FirstBroken(
            place: null, remembered: 0, Enum.Parse<WorldKind>(kind, ignoreCase: true), most: 5));

    [Fact]
    public void Each_mutant_has_the_seed_that_catches_it_remembered() =>
        Assert.Equal(MutantList.All.Select(mutant => mutant.Guard).Order(), MutantSeeds.Read().Keys.Order());

    [Fact]
    public void A_guard_that_is_no_longer_in_the_source_is_named()
    {
        var mutant = new Mutant("something", "src/Doorbuster/Decision.cs", "what nobody wrote", "");

        Assert.Contains(
            "'something' is not in src/Doorbuster/Decision.cs",
            Assert.Throws<InvalidOperationException>(() => new MutantBuild([mutant])).Message);
    }

    [Fact]
    public void A_member_that_several_mutants_alter_has_all_that_they_make_of_it()
    {
        var woven = Weaver.Weave(
            "class Gate { bool IsOpen => true; int Left() { return 3; } }",
            [
                (4, new Mutant("open", "Gate.cs", "=> true", "=> false")),
                (5, new Mutant("left", "Gate.cs", "return 3", "return 4")),
                (7, new Mutant("more", "Gate.cs", "return 3", "return 5")),
            ]);

        Assert.Equal(
            "class Gate { bool IsOpen { get { if (global::Doorbuster.WantedMutant.No == 4) { return false; } else "
            + "{ return true; } } } int Left() { if (global::Doorbuster.WantedMutant.No == 5) { return 4; } else if "
            + "(global::Doorbuster.WantedMutant.No == 7) { return 5; } else { return 3; } } }",
            woven.Replace('\n', ' '));
    }

    [Fact]
    public void A_mutant_of_what_is_not_the_body_of_a_member_is_refused() => Assert.Contains(
        "'limit' is not in the body of a member of Gate.cs",
        Assert.Throws<InvalidOperationException>(() => Weaver.Weave(
            "class Gate { const int Limit = 3; }", [(1, new Mutant("limit", "Gate.cs", "= 3", "= 4"))])).Message);
}
