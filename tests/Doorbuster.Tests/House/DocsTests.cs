using System.Text.RegularExpressions;
using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>Every page can be found from the index, and every link leads somewhere.</summary>
public sealed partial class DocsTests
{
    private const string Index = "docs/README.md";

    [Fact]
    public void Every_page_is_in_the_index() =>
        HouseRule.IsKept(Unlisted(Repository.Pages.Where(IsDocs), Repository.Read(Index)));

    [Fact]
    public void Every_link_leads_somewhere() =>
        HouseRule.IsKept(Repository.Pages.SelectMany(path => Broken(path, Repository.Read(path), Exists)));

    [Fact]
    public void A_page_that_nobody_finds_is_found() =>
        HouseRule.IsBroken(
            Unlisted([Index, "docs/a.md", "docs/b/c.md"], "[a](a.md), and c.md without a link"),
            "docs/b/c.md is not in docs/README.md");

    [Theory]
    [InlineData("docs/a.md", "[b](b.md)", "docs/a.md leads to docs/b.md")]
    [InlineData("docs/b.md", "[c](../c.md#part) [d](d)", "docs/b.md leads to c.md", "docs/b.md leads to docs/d")]
    public void A_link_to_nothing_is_found(string path, string text, params string[] breaches) =>
        HouseRule.IsBroken(Broken(path, text, _ => false), breaches);

    [Theory]
    [InlineData("[a](https://example.com/a.md) [b](#part) [c](mailto:a@example.com)")]
    [InlineData("`[a](b.md)`")]
    [InlineData("    [a](b.md)")]
    public void Other_links_are_not_looked_up(string text) => HouseRule.IsKept(Broken("a.md", text, _ => false));

    private static bool IsDocs(string path) => path.StartsWith("docs/", StringComparison.Ordinal);

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> Unlisted(IEnumerable<string> pages, string index)
    {
        var listed = Targets(Index, index).ToHashSet();
        return pages.Where(page => page != Index && !listed.Contains(page)).Select(page => $"{page} is not in {Index}");
    }

    private static IEnumerable<string> Broken(string path, string text, Func<string, bool> exists) =>
        Targets(path, text).Where(target => !exists(target)).Select(target => $"{path} leads to {target}");

    /// <summary>Where a page's links lead within the working tree.</summary>
    private static IEnumerable<string> Targets(string path, string text) =>
        from link in Link().Matches(Code().Replace(text, ""))
        let target = link.Groups["target"].Value
        where !target.Contains(':', StringComparison.Ordinal)
        select Resolve(Path.GetDirectoryName(path)!, target);

    private static string Resolve(string folder, string target) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, target)))
            .Replace('\\', '/');

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)[^)]*\)")]
    private static partial Regex Link();

    // What is between backticks, and what is indented as code.
    [GeneratedRegex(@"```[\s\S]*?```|`[^`\n]*`|^ {4}.*$", RegexOptions.Multiline)]
    private static partial Regex Code();
}
