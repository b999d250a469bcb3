using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>What is written is also built, and what is a test is also run.</summary>
public sealed class BuildTests
{
    [Fact]
    public void The_solution_builds_every_project() =>
        HouseRule.IsKept(Unnamed("Doorbuster.slnx", Repository.Read("Doorbuster.slnx"), Built(Repository.Projects)));

    [Fact]
    public void The_test_script_runs_every_test_project() =>
        HouseRule.IsKept(Unnamed("eng/test.sh", Repository.Read("eng/test.sh"), Run(Repository.Projects)));

    [Fact]
    public void A_forgotten_project_is_found()
    {
        Project[] projects =
        [
            new("tests/A.Tests/A.Tests.csproj"), new("tests/A/A.csproj"), new("tests/B.Tests/B.Tests.csproj"),
            new("samples/C/C.csproj"),
        ];
        const string Text = "only tests/A.Tests is named";

        HouseRule.IsBroken(Unnamed("test.sh", Text, Run(projects)), "test.sh does not name tests/B.Tests");
        HouseRule.IsBroken(
            Unnamed("A.slnx", Text, Built(projects)),
            "A.slnx does not name tests/A",
            "A.slnx does not name tests/B.Tests",
            "A.slnx does not name samples/C");
    }

    private static IEnumerable<Project> Built(IEnumerable<Project> projects) =>
        projects.Where(project => project.IsUnder("src") || project.IsUnder("tests") || project.IsUnder("samples"));

    private static IEnumerable<Project> Run(IEnumerable<Project> projects) =>
        projects.Where(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal));

    private static IEnumerable<string> Unnamed(string file, string text, IEnumerable<Project> projects) =>
        from project in projects
        let folder = Path.GetDirectoryName(project.Path)!
        where !Regex.IsMatch(text, Regex.Escape(folder) + @"(?![.\w])")
        select $"{file} does not name {folder}";
}
