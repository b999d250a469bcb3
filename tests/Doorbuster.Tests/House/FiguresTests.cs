using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>The figures that the README shows are those of the newest runs that were kept, word for word.</summary>
public sealed class FiguresTests
{
    private const string Results = "bench/results/";

    [Fact]
    public void The_figures_in_the_README_are_those_of_the_newest_runs()
    {
        var shown = Rows(Repository.Read("README.md")).ToList();

        Assert.True(shown.Count > 8, "The table of figures is gone.");
        Assert.Empty(Offenders(shown, Kept()));
    }

    [Theory]
    [InlineData("| a | at least 1 | 2 (1 to 3) | yes | [x](bench/results/2.md) |", true)]
    [InlineData("| a | at least 1 | 2 (1 to 3) | yes | [x](bench/results/1.md) |", false)]
    [InlineData("| a | at least 1 | 3 (1 to 3) | yes | [x](bench/results/2.md) |", false)]
    [InlineData("| a | at least 1 | 2 (1 to 3) | **no** | [x](bench/results/2.md) |", false)]
    [InlineData("| b | at least 1 | 2 (1 to 3) | yes | [x](bench/results/2.md) |", false)]
    public void A_figure_that_no_newest_run_has_is_found(string row, bool isRight)
    {
        (string, string)[] kept =
        [
            ("1.md", "| a | at least 1 | 1 (1 to 1) | yes | 1/s |"),
            ("2.md", "| a | at least 1 | 2 (1 to 3) | yes | 2/s |"),
        ];

        Assert.Equal(isRight, Offenders(Rows(row), kept).Count == 0);
    }

    private static List<string> Offenders(IEnumerable<string[]> shown, IReadOnlyList<(string Name, string Text)> kept)
    {
        var newest = new Dictionary<string, (string Run, string[] Row)>();
        foreach (var (name, text) in kept)
        {
            foreach (var row in Rows(text))
            {
                newest[row[0]] = (name, row);
            }
        }

        return
        [
            .. shown
                .Where(row => !newest.TryGetValue(row[0], out var run) || !row.Take(4).SequenceEqual(run.Row.Take(4))
                    || !row[4].EndsWith($"({Results}{run.Run})", StringComparison.Ordinal))
                .Select(row => string.Join(" | ", row)),
        ];
    }

    private static List<(string Name, string Text)> Kept() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, Results), "*.md").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
    ];

    /// <summary>The rows of tables of figures: what was asked, measured, and whether it was met.</summary>
    private static IEnumerable<string[]> Rows(string text) =>
        from line in text.Split('\n')
        where line.StartsWith('|')
        let cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
        where cells.Length == 5 && cells[3] is "yes" or "**no**"
        select cells;
}
