using System.Text.Json;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>
/// The words of the buyer's pages in one language: the table that the script has too (<c>web/src/buyer/messages</c>),
/// so that what is read before a script runs and what it writes afterwards are the same.
/// </summary>
internal sealed class PageWords
{
    private const string Resources = "Doorbuster.messages/";

    private static readonly Lazy<PageWords[]> OfAssembly = new(() => [Load("en"), Load("zh")]);

    private readonly Dictionary<string, string> _table;

    private PageWords(string name, Dictionary<string, string> table) => (Name, _table) = (name, table);

    /// <summary>The language a page is in where nobody says otherwise.</summary>
    public static PageWords Default => OfAssembly.Value[0];

    /// <summary>Every language.</summary>
    public static IReadOnlyList<PageWords> All => OfAssembly.Value;

    /// <summary>How an address names the language: <c>?lang=zh</c>.</summary>
    public string Name { get; }

    /// <summary>How HTML names it.</summary>
    public string Tag => this["tag"];

    /// <summary>A text, by its name in the table.</summary>
    public string this[string name] => _table[name];

    /// <summary>A text whose hole <c>{name}</c> is filled.</summary>
    public string With(string name, string hole, string value) =>
        _table[name].Replace($"{{{hole}}}", value, StringComparison.Ordinal);

    /// <summary>The words of a language; the default's where there are none.</summary>
    public static PageWords Of(string? language) => All.FirstOrDefault(words => words.Name == language) ?? Default;

    private static PageWords Load(string name)
    {
        using var stream = typeof(PageWords).Assembly.GetManifestResourceStream($"{Resources}{name}.json")
            ?? throw new InvalidOperationException($"The assembly lacks {Resources}{name}.json.");
        return new PageWords(name, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!);
    }
}
