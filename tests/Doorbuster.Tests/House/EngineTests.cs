using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>Two ways round the banned symbols that leave no trace in the compiled engine.</summary>
public sealed partial class EngineTests
{
    [Fact]
    public void The_engine_goes_round_no_ban() =>
        HouseRule.IsKept(Repository.Engine.SelectMany(Evasions));

    [Theory]
    [InlineData("var n = task.GetAwaiter()\n    .GetResult();", "blocks")]
    [InlineData("#pragma warning disable RS0030", "lifts a ban")]
    [InlineData("[SuppressMessage(\"ApiDesign\", \"RS0030\")]", "lifts a ban")]
    public void A_way_round_a_ban_is_found(string text, string breach) =>
        HouseRule.IsBroken(Evasions(new SourceFile("src/A.cs", text)), $"src/A.cs {breach}");

    private static IEnumerable<string> Evasions(SourceFile file)
    {
        if (BlockingWait().IsMatch(file.Code))
        {
            yield return $"{file.Path} blocks";
        }

        if (file.Text.Contains("RS0030", StringComparison.Ordinal))
        {
            yield return $"{file.Path} lifts a ban";
        }
    }

    [GeneratedRegex(@"\.GetAwaiter\(\)\s*\.GetResult\(\)")]
    private static partial Regex BlockingWait();
}
