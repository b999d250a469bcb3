namespace Doorbuster.Tests.House;

/// <summary>The entries of a banned-symbols file, compared with what an assembly refers to.</summary>
internal static class BannedSymbols
{
    public const string Path = "eng/BannedSymbols.txt";

    /// <summary>
    /// The compiler writes these calls for every await, so an assembly cannot tell which were spelt out. The
    /// analyzer can, and <see cref="EngineTests"/> looks for them in the source.
    /// </summary>
    public static readonly string[] OfEveryAwait =
    [
        "M:System.Runtime.CompilerServices.TaskAwaiter.GetResult",
        "M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult",
        "M:System.Runtime.CompilerServices.ValueTaskAwaiter.GetResult",
        "M:System.Runtime.CompilerServices.ValueTaskAwaiter`1.GetResult",
    ];

    public static IReadOnlyList<string> Entries { get; } = Parse(Repository.Read(Path));

    /// <summary>One documentation-comment id a line, up to a semicolon; without empty lines and comments.</summary>
    public static IReadOnlyList<string> Parse(string text) =>
    [
        .. text.Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Split(';')[0].Trim()),
    ];

    /// <summary>What an assembly refers to although it is banned.</summary>
    public static IEnumerable<string> UsedBy(string assembly) =>
        Entries.Except(OfEveryAwait).Intersect(SymbolReader.ReferencedBy(assembly));

    /// <summary>Entries that name nothing in these assemblies, and so would never be found.</summary>
    public static IEnumerable<string> Unknown(
        IReadOnlyCollection<string> entries, IEnumerable<string> assemblies)
    {
        var unknown = entries.ToHashSet();
        var types = entries.Select(TypeOf).ToHashSet();
        foreach (var assembly in assemblies.TakeWhile(_ => unknown.Count > 0))
        {
            unknown.ExceptWith(SymbolReader.DefinedIn(assembly, types));
        }

        return unknown.Order(StringComparer.Ordinal);
    }

    private static string TypeOf(string entry)
    {
        var name = entry[2..].Split('(')[0];
        return entry[0] == 'T' ? name : name[..name.LastIndexOf('.')];
    }
}
