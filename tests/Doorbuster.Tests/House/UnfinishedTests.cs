using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>What is here is finished: no notes to oneself, no stubs, and every test runs.</summary>
public sealed partial class UnfinishedTests
{
    [Fact]
    public void Nothing_is_left_for_later() => HouseRule.IsKept(Repository.Sources.SelectMany(LeftForLater));

    [Theory]
    [InlineData("// TODO: sell", "src/A.cs leaves a TODO")]
    [InlineData("/* first\n   FIXME */", "src/A.cs leaves a FIXME")]
    [InlineData("throw new NotImplementedException();", "src/A.cs leaves a NotImplementedException")]
    public void A_note_or_a_stub_is_found(string text, string breach) =>
        HouseRule.IsBroken(LeftForLater(new SourceFile("src/A.cs", text)), breach);

    [Fact]
    public void Every_test_runs() => HouseRule.IsKept(Repository.Under("tests/").SelectMany(Skipped));

    [Theory]
    [InlineData("[Fact(Skip = \"slow\")]")]
    [InlineData("[Theory(DisplayName = \"a\", SkipUnless = nameof(Linux))]")]
    [InlineData("[Fact(Explicit = true)]")]
    [InlineData("Assert.SkipWhen(true, \"why\");")]
    public void A_skipped_test_is_found(string text) =>
        HouseRule.IsBroken(Skipped(new SourceFile("tests/A.cs", text)), "tests/A.cs skips a test");

    [Fact]
    public void Leaving_out_elements_is_no_skipped_test() =>
        HouseRule.IsKept(Skipped(new SourceFile("tests/A.cs", "var rest = list.Skip(1); // Skip = 1")));

    private static IEnumerable<string> LeftForLater(SourceFile file) =>
        file.Comments.SelectMany(comment => Note().Matches(comment))
            .Concat(Stub().Matches(file.Code))
            .Select(match => $"{file.Path} leaves a {match.Value}");

    private static IEnumerable<string> Skipped(SourceFile file) =>
        Skip().Matches(file.Code).Select(_ => $"{file.Path} skips a test");

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Note();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex Stub();

    [GeneratedRegex(@"\bSkip(?:Unless|When)?\s*=[^=>]|\bExplicit\s*=\s*true|\bAssert\.Skip\w*\s*\(")]
    private static partial Regex Skip();
}
