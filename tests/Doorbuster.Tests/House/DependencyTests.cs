using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>
/// Engine ← Sql, Redis, RabbitMq ← AspNetCore ← Cli. The adapters do not know each other, and nothing that ships knows
/// a test. The suites that every adapter must pass see the engine alone, and the simulation sees those two.
/// </summary>
public sealed class DependencyTests
{
    private static readonly string[] Adapters = ["Doorbuster.Sql", "Doorbuster.Redis", "Doorbuster.RabbitMq"];

    private static readonly Dictionary<string, string[]> MaySee = new()
    {
        ["Doorbuster"] = [],
        ["Doorbuster.Sql"] = ["Doorbuster"],
        ["Doorbuster.Redis"] = ["Doorbuster"],
        ["Doorbuster.RabbitMq"] = ["Doorbuster"],
        ["Doorbuster.AspNetCore"] = ["Doorbuster", .. Adapters],
        ["Doorbuster.Cli"] = ["Doorbuster", .. Adapters, "Doorbuster.AspNetCore"],
        ["Doorbuster.Conformance"] = ["Doorbuster"],
        ["Doorbuster.Simulation"] = ["Doorbuster", "Doorbuster.Conformance"],
        ["Doorbuster.Tests"] = ["Doorbuster", "Doorbuster.Conformance", "Doorbuster.Simulation"],
    };

    [Fact]
    public void Projects_depend_in_one_direction() => HouseRule.IsKept(Repository.Projects.SelectMany(Astray));

    [Theory]
    [InlineData("src/Doorbuster", "Doorbuster.Sql")]
    [InlineData("src/Doorbuster.Redis", "Doorbuster.Sql")]
    [InlineData("src/Doorbuster.AspNetCore", "Doorbuster.Cli")]
    [InlineData("src/Doorbuster.Cli", "Doorbuster.Conformance")]
    [InlineData("tests/Doorbuster.Conformance", "Doorbuster.Sql")]
    public void A_reference_in_the_other_direction_is_found(string path, string reference)
    {
        var project = new Project($"{path}.csproj") { References = ["Doorbuster", reference] };

        HouseRule.IsBroken(Astray(project).TakeLast(1), $"{project.Name} must not know {reference}");
    }

    [Fact]
    public void A_new_project_that_ships_is_given_its_place_first() =>
        HouseRule.IsBroken(Astray(new Project("src/Doorbuster.Kafka.csproj")), "Doorbuster.Kafka has no place");

    [Fact]
    public void A_project_file_tells_its_references()
    {
        const string Xml = """<Project><ItemGroup><ProjectReference Include="..\B\B.csproj"/></ItemGroup></Project>""";

        Assert.Equal(["B"], Project.Parse("src/A/A.csproj", Xml).References);
    }

    private static IEnumerable<string> Astray(Project project) =>
        MaySee.TryGetValue(project.Name, out var allowed)
            ? project.References.Except(allowed).Select(other => $"{project.Name} must not know {other}")
            : project.IsUnder("src") ? [$"{project.Name} has no place"] : [];
}
