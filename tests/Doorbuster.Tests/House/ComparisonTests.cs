using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>The comparison that the README shows is that of the page, and in it Doorbuster was exact.</summary>
public sealed class ComparisonTests
{
    private const string Page = "docs/comparison.md";
    private const string Begin = "<!-- written by eng/compare.sh -->";
    private const string End = "<!-- end -->";

    [Fact]
    public void The_comparison_in_the_README_is_that_of_the_page()
    {
        var shown = Between(Repository.Read("README.md"));

        Assert.True(shown.Count(line => line.StartsWith("| **Doorbuster", StringComparison.Ordinal)) >= 2);
        Assert.Equal(Between(Repository.Read(Page)), shown);
    }

    [Fact]
    public void Doorbuster_was_exact_in_the_comparison_that_is_shown() =>
        HouseRule.IsKept(Inexact(Between(Repository.Read("README.md"))));

    [Fact]
    public void A_unit_that_was_lost_or_a_buyer_told_in_vain_is_found() => HouseRule.IsBroken(
        Inexact(
        [
            "| a tutorial | 1 | 2 s | never | 3 | 4 | 5 |", "| **Doorbuster, a** | 1 | 2 s | 3 s | 0 | 0 | 0 |",
            "| **Doorbuster, b** | 1 | 2 s | 3 s | 1 | 0 | 0 |", "| **Doorbuster, c** | 1 | 2 s | 3 s | 0 | 1 | 0 |",
            "| **Doorbuster, d** | 1 | 2 s | 3 s | 0 | 0 | 1 |",
        ]),
        "Doorbuster, b was not exact",
        "Doorbuster, c was not exact",
        "Doorbuster, d was not exact");

    private static string[] Between(string page)
    {
        var lines = page.Split('\n');
        return lines[(Array.IndexOf(lines, Begin) + 1)..Array.IndexOf(lines, End)];
    }

    /// <summary>
    /// Rows of ours whose last three cells are not all 0: units lost or sold twice, orders above the limit, promises in
    /// vain.
    /// </summary>
    private static IEnumerable<string> Inexact(IEnumerable<string> lines) =>
        from line in lines
        where line.StartsWith("| **Doorbuster", StringComparison.Ordinal)
        let cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
        where cells[^3..] is not ["0", "0", "0"]
        select $"{cells[0].Trim('*')} was not exact";
}
