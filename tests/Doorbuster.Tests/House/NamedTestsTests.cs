using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>Where a comment names the tests of an invariant, they are there.</summary>
public sealed partial class NamedTestsTests
{
    [Fact]
    public void Tests_that_comments_name_exist()
    {
        var tests = Repository.Sources.Where(file => file.Path.StartsWith("tests/", StringComparison.Ordinal));
        HashSet<string> files = [.. tests.Select(Name)];

        HouseRule.IsKept(Repository.Sources.SelectMany(file => Missing(file, files)));
    }

    [Fact]
    public void A_test_that_nobody_wrote_is_missed()
    {
        HashSet<string> files = ["LaneTests", "F11_MoneyTests"];
        var text = "/// Tests: <c>LaneTests</c>, <c>F11_*</c>, <c>F12_*</c> and\n/// <c>LaneProperties</c>; <c>a</c>.";

        HouseRule.IsBroken(
            Missing(new SourceFile("src/A.cs", text), files),
            "src/A.cs names F12_*, which no file of tests is",
            "src/A.cs names LaneProperties, which no file of tests is");
    }

    private static IEnumerable<string> Missing(SourceFile file, HashSet<string> files) =>
        file.Path.StartsWith("src/", StringComparison.Ordinal)
            ? Named().Matches(file.Text)
                .Select(match => match.Groups[1].Value)
                .Where(name => name.EndsWith('*')
                    ? !files.Any(one => one.StartsWith(name[..^1], StringComparison.Ordinal))
                    : !files.Contains(name))
                .Select(name => $"{file.Path} names {name}, which no file of tests is")
            : [];

    /// <summary>A file's name up to its first point: parts of one class are in several.</summary>
    private static string Name(SourceFile file) => Path.GetFileName(file.Path).Split('.')[0];

    [GeneratedRegex(@"<c>([A-Z]\w*(?:Tests|Conformance|Properties)|F\d\d_\w*\*?)</c>")]
    private static partial Regex Named();
}
