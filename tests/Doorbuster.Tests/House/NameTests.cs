using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>A name says what a thing is; these words say that nobody decided.</summary>
public sealed partial class NameTests
{
    private static readonly string[] VagueWords =
        ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common"];

    [Fact]
    public void No_type_and_no_file_has_a_vague_name() => HouseRule.IsKept(Repository.Sources.SelectMany(Vague));

    [Theory]
    [InlineData("src/A.cs", "public sealed record struct OrderHelper(int A);", "src/A.cs declares OrderHelper")]
    [InlineData("src/A.cs", "interface IStockManager<T> : IDisposable;", "src/A.cs declares IStockManager")]
    [InlineData("src/Common/A.cs", "class A;", "src/Common/A.cs is named by no purpose")]
    [InlineData("src/string-utils.ts", "", "src/string-utils.ts is named by no purpose")]
    public void A_vague_name_is_found(string path, string text, string breach) =>
        HouseRule.IsBroken(Vague(new SourceFile(path, text)), breach);

    [Theory]
    [InlineData("src/Commons.cs", "class Commonwealth; // not a Helper")]
    [InlineData("src/Managed.cs", "enum Utilisation { }")]
    public void A_word_that_only_begins_alike_is_fine(string path, string text) =>
        HouseRule.IsKept(Vague(new SourceFile(path, text)));

    private static IEnumerable<string> Vague(SourceFile file)
    {
        if (IsVague(file.Path))
        {
            yield return $"{file.Path} is named by no purpose";
        }

        foreach (var type in file.Types.Where(IsVague))
        {
            yield return $"{file.Path} declares {type}";
        }
    }

    private static bool IsVague(string name) =>
        Word().Matches(name).Any(word => VagueWords.Contains(word.Value, StringComparer.OrdinalIgnoreCase));

    // The words of a PascalCase, camelCase or kebab-case name: OrderHelper is "Order" and "Helper".
    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();
}
