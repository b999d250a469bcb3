using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>A file is read at one sitting, and a line without scrolling.</summary>
public sealed class SizeTests
{
    private const int MaxLines = 400;
    private const int MaxColumns = 120;

    [Fact]
    public void Files_and_lines_are_short() => HouseRule.IsKept(Repository.Sources.SelectMany(TooLong));

    [Fact]
    public void A_file_of_401_lines_is_too_long()
    {
        var longest = string.Concat(Enumerable.Repeat("//\n", MaxLines));

        HouseRule.IsKept(TooLong(new SourceFile("src/A.cs", longest)));
        HouseRule.IsBroken(TooLong(new SourceFile("src/A.cs", longest + "//\n")), "src/A.cs has 401 lines");
    }

    [Fact]
    public void A_line_of_121_columns_is_too_long()
    {
        var widest = new string('-', MaxColumns);

        HouseRule.IsKept(TooLong(new SourceFile("src/a.lua", $"\n{widest}\n")));
        HouseRule.IsBroken(TooLong(new SourceFile("src/a.lua", $"\n{widest}-\n")), "src/a.lua:2 has 121 columns");
    }

    private static IEnumerable<string> TooLong(SourceFile file)
    {
        var lines = file.Text.TrimEnd('\n').Split('\n');
        if (lines.Length > MaxLines)
        {
            yield return $"{file.Path} has {lines.Length} lines";
        }

        foreach (var (index, line) in lines.Index().Where(l => l.Item.Length > MaxColumns))
        {
            yield return $"{file.Path}:{index + 1} has {line.Length} columns";
        }
    }
}
