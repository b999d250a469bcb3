namespace Doorbuster.Server.Tests.Reference;

/// <summary>
/// A page of reference: people write it, but for the part between two marks, which the code writes.
/// </summary>
/// <param name="Path">Where it is, in the working tree.</param>
/// <param name="Content">What the code says.</param>
internal sealed record Page(string Path, Func<string> Content)
{
    private const string Begin =
        "<!-- written by the code: dotnet run --project tests/Doorbuster.Server.Tests reference -->\n";

    private const string End = "<!-- end of what the code wrote -->\n";

    public static IReadOnlyList<Page> All =>
    [
        new("docs/reference/settings.md", SettingsTables.Write),
        new("docs/reference/problems.md", ProblemTable.Write),
        new("docs/reference/telemetry.md", TelemetryTables.Write),
    ];

    private string File => System.IO.Path.Combine(Tree.Root, Path);

    /// <summary>The page as it is.</summary>
    public string Read() => System.IO.File.ReadAllText(File);

    /// <summary>A text with what the code says between the marks.</summary>
    /// <exception cref="InvalidOperationException">It has no marks.</exception>
    public string Fill(string text)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{text[..begin]}{Begin}\n{Content()}\n{text[end..]}"
            : throw new InvalidOperationException($"{Path} has no place for what the code says: {Begin}{End}");
    }

    /// <summary>Writes into the page what the code says.</summary>
    public void Rewrite() => System.IO.File.WriteAllText(File, Fill(Read()));
}
