using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Doorbuster.Server.Tests.Reference;

/// <summary>The pages of reference say what the code says, and all of it.</summary>
public sealed class PageTests
{
    private const string Command = $"dotnet run --project tests/Doorbuster.Server.Tests {Program.ReferenceVerb}";

    public static TheoryData<string> Pages => [.. Page.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_of_reference_says_what_the_code_says(string path)
    {
        var page = Page.All.Single(page => page.Path == path);
        var text = page.Read();

        Assert.True(page.Fill(text) == text, $"{path} does not say what the code says. Have it written by: {Command}");
    }

    [Fact]
    public void A_page_that_differs_by_a_letter_is_found()
    {
        var page = Page.All[0];
        var text = page.Read();
        var at = text.IndexOf("| `MaxSales`", StringComparison.Ordinal);

        Assert.True(at > 0, $"MaxSales is not in {page.Path}.");
        Assert.Equal(text, page.Fill(text.Insert(at + 3, "x")));
        Assert.Equal(text, page.Fill(text.Remove(at, text.IndexOf('\n', at) - at)));
        Assert.Throws<InvalidOperationException>(() => page.Fill("nothing of all that"));
    }

    [Fact]
    public void Every_number_and_every_time_that_can_be_set_has_a_range()
    {
        var bare = SettingsTables.Groups
            .SelectMany(group => group.Settings, (group, setting) => (group.Section, Setting: setting))
            .Where(at => IsAmount(at.Setting.PropertyType) && !at.Setting.IsDefined(typeof(RangeAttribute)))
            .Select(at => $"{at.Section}:{at.Setting.Name}");

        Assert.Empty(bare);
    }

    [Fact]
    public void A_summary_reads_the_same_in_Markdown()
    {
        var summary = XElement.Parse(
            """
            <summary>
            At most <see cref="P:Doorbuster.Limits.MaxSales"/>, <c>busy</c> then; fewer than 1 &lt; 2.
            </summary>
            """);

        Assert.Equal("At most `MaxSales`, `busy` then; fewer than 1 < 2.", Summaries.ToMarkdown(summary));
    }

    private static bool IsAmount(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var bare
        && (bare == typeof(int) || bare == typeof(long) || bare == typeof(double) || bare == typeof(TimeSpan));
}
