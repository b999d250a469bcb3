using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Packages;

namespace Doorbuster.EndToEnd.Tests.Contract;

/// <summary>The contract as it is checked in.</summary>
internal sealed class ApiDocument
{
    public const string Path = "docs/reference/openapi.json";

    private readonly JsonElement _root;
    private readonly List<(string[] Template, JsonElement Item)> _paths;

    private ApiDocument(string text)
    {
        Text = text;
        _root = JsonSerializer.Deserialize<JsonElement>(text);
        _paths =
        [
            .. from path in _root.GetProperty("paths").EnumerateObject()
               orderby path.Name.Contains('{')
               select (path.Name.Split('/'), path.Value),
        ];
        Schemas = new SchemaCheck(reference => Resolve(reference));
    }

    public static ApiDocument CheckedIn { get; } =
        new(File.ReadAllText(System.IO.Path.Combine(SourceTree.Root, Path)));

    public string Text { get; }

    public SchemaCheck Schemas { get; }

    /// <summary>Every call, as <c>GET /v1/sales/{id}</c>.</summary>
    public IEnumerable<string> Calls =>
        from path in _root.GetProperty("paths").EnumerateObject()
        from call in path.Value.EnumerateObject()
        where call.Name != "parameters"
        select $"{call.Name.ToUpperInvariant()} {path.Name}";

    /// <summary>Every problem it describes, with its status.</summary>
    public IEnumerable<(string Type, int Status)> Problems =>
        from schema in Components("schemas")
        where schema.Name.EndsWith("Problem", StringComparison.Ordinal) && schema.Name != "Problem"
        let fields = schema.Value.GetProperty("properties")
        select (fields.GetProperty("type").GetProperty("const").GetString()!,
            fields.GetProperty("status").GetProperty("const").GetInt32());

    /// <summary>Every component, as references name it.</summary>
    public IEnumerable<string> ComponentNames =>
        from kind in _root.GetProperty("components").EnumerateObject()
        where kind.Name != "securitySchemes"
        from component in kind.Value.EnumerateObject()
        select $"#/components/{kind.Name}/{component.Name}";

    /// <summary>What every <c>$ref</c> names.</summary>
    public IEnumerable<string> References => ReferencesIn(_root);

    /// <summary>The path that an address is one of; null where there is none.</summary>
    public JsonElement? FindPath(string address)
    {
        var segments = address.Split('?')[0].Split('/');
        foreach (var (template, item) in _paths)
        {
            if (template.Length == segments.Length && template.Zip(segments, Fits).All(fits => fits))
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>What stands where another part refers to; itself where it refers to nothing.</summary>
    public JsonElement Follow(JsonElement part) =>
        part.TryGetProperty("$ref", out var reference) ? Resolve(reference.GetString()!) : part;

    public JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(_root, (part, name) => part.GetProperty(name));

    private JsonElement.ObjectEnumerator Components(string kind) =>
        _root.GetProperty("components").GetProperty(kind).EnumerateObject();

    private static bool Fits(string template, string segment) =>
        template.StartsWith('{') ? segment.Length > 0 : template == segment;

    private static IEnumerable<string> ReferencesIn(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().SelectMany(field =>
            field.Name == "$ref" ? [field.Value.GetString()!] : ReferencesIn(field.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(ReferencesIn),
        _ => [],
    };
}
