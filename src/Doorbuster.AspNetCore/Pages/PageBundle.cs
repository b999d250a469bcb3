using System.Text.Json;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>What a page of an entry needs, as paths below the pages' folder.</summary>
/// <param name="Script">The module it begins with.</param>
/// <param name="Parts">Modules that the first one imports.</param>
/// <param name="Styles">Its style sheets.</param>
internal sealed record PageEntry(string Script, IReadOnlyList<string> Parts, IReadOnlyList<string> Styles);

/// <summary>
/// What <c>web/</c> was built to, as it lies in this assembly: files whose names carry a hash of what is in them, and
/// a manifest that says which of them an entry needs.
/// </summary>
internal sealed class PageBundle
{
    /// <summary>What the path of every file begins with, below the prefix of all that is ours.</summary>
    public const string Folder = "pages";

    private const string Resources = "Doorbuster.web/";
    private const string Manifest = "manifest.json";

    private static readonly Lazy<PageBundle> OfAssembly = new(Load);

    private readonly Dictionary<string, PageFile> _files;
    private readonly Dictionary<string, PageEntry> _entries;

    private PageBundle(Dictionary<string, PageFile> files, Dictionary<string, PageEntry> entries)
    {
        _files = files;
        _entries = entries;
    }

    /// <summary>The one there is; it is read when it is first asked for.</summary>
    public static PageBundle Built => OfAssembly.Value;

    /// <summary>Finds a file by its name.</summary>
    public PageFile? Find(string? name) => name is null ? null : _files.GetValueOrDefault(name);

    /// <summary>What an entry needs.</summary>
    /// <param name="name">Its name in <c>web/vite.config.ts</c>.</param>
    public PageEntry Entry(string name) => _entries[name];

    private static PageBundle Load()
    {
        var assembly = typeof(PageBundle).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .ToDictionary(name => name[Resources.Length..], name => new PageFile(TypeOf(name), Read(name)));
        if (!files.Remove(Manifest, out var manifest))
        {
            throw new InvalidOperationException($"The assembly lacks {Resources}{Manifest}.");
        }

        using var json = JsonDocument.Parse(manifest.Bytes);
        var chunks = json.RootElement.Clone();
        var entries = chunks.EnumerateObject()
            .Where(chunk => chunk.Value.TryGetProperty("isEntry", out var isEntry) && isEntry.GetBoolean())
            .ToDictionary(
                chunk => chunk.Value.GetProperty("name").GetString()!, chunk => EntryOf(chunk.Value, chunks));
        return new PageBundle(files, entries);
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(PageBundle).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>An entry with all that it imports, however deep, each part once and before who needs it.</summary>
    private static PageEntry EntryOf(JsonElement entry, JsonElement chunks)
    {
        var (parts, styles) = (new List<string>(), new List<string>());
        Collect(entry);
        var script = entry.GetProperty("file").GetString()!;
        parts.Remove(script);
        return new PageEntry(script, parts, styles);

        void Collect(JsonElement chunk)
        {
            foreach (var import in TextsOf(chunk, "imports"))
            {
                Collect(chunks.GetProperty(import));
            }

            AddMissing(parts, [chunk.GetProperty("file").GetString()!]);
            AddMissing(styles, TextsOf(chunk, "css"));
        }
    }

    private static void AddMissing(List<string> list, IEnumerable<string> items) => list.AddRange(items.Except(list));

    private static IEnumerable<string> TextsOf(JsonElement chunk, string list) =>
        chunk.TryGetProperty(list, out var items) ? items.EnumerateArray().Select(item => item.GetString()!) : [];

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".txt" => "text/plain; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
}
