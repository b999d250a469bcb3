using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Packages;

namespace Doorbuster.EndToEnd.Tests.Contract;

/// <summary>The contract as it is checked in.</summary>
internal sealed class ApiDocument
{
    public const string Path = "docs/reference/openapi.json";

    private readonly JsonElement _root;
    private readonly List<(string[] Template, JsonElement Item)> _paths;
    private readonly Lazy<IReadOnlyDictionary<string, JsonElement>> _problemSchemas;

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
        _problemSchemas = new(() => ProblemComponents.ToDictionary(
            schema => schema.GetProperty("properties").GetProperty("type").GetProperty("const").GetString()!));
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

    /// <summary>Every call with all that the document says of it: its method, its path, the path's item.</summary>
    public IEnumerable<(string Method, string Path, JsonElement Item, JsonElement Operation)> Operations =>
        from path in _root.GetProperty("paths").EnumerateObject()
        from call in path.Value.EnumerateObject()
        where call.Name != "parameters"
        select (call.Name.ToUpperInvariant(), path.Name, path.Value, call.Value);

    /// <summary>The schemas of problems, by the types of the problems.</summary>
    public IReadOnlyDictionary<string, JsonElement> ProblemSchemas => _problemSchemas.Value;

    /// <summary>Every problem it describes, with its status.</summary>
    public IEnumerable<(string Type, int Status)> Problems =>
        from schema in ProblemComponents
        let fields = schema.GetProperty("properties")
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
        foreach (var (template, item) in _paths)
        {
            if (Fits(template, address))
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>The template that an address is one of; null where there is none.</summary>
    public string? FindTemplate(string address) =>
        _paths.Where(path => Fits(path.Template, address)).Select(path => string.Join('/', path.Template))
            .FirstOrDefault();

    /// <summary>What stands where another part refers to; itself where it refers to nothing.</summary>
    public JsonElement Follow(JsonElement part) =>
        part.TryGetProperty("$ref", out var reference) ? Resolve(reference.GetString()!) : part;

    public JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(_root, (part, name) => part.GetProperty(name));

    private IEnumerable<JsonElement> ProblemComponents =>
        from schema in Components("schemas")
        where schema.Name.EndsWith("Problem", StringComparison.Ordinal) && schema.Name != "Problem"
        select schema.Value;

    private JsonElement.ObjectEnumerator Components(string kind) =>
        _root.GetProperty("components").GetProperty(kind).EnumerateObject();

    private static bool Fits(string[] template, string address)
    {
        var segments = address.Split('?')[0].Split('/');
        return template.Length == segments.Length && template.Zip(segments, FitsSegment).All(fits => fits);
    }

    private static bool FitsSegment(string template, string segment) =>
        template.StartsWith('{') ? segment.Length > 0 : template == segment;

    private static IEnumerable<string> ReferencesIn(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().SelectMany(field =>
            field.Name == "$ref" ? [field.Value.GetString()!] : ReferencesIn(field.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(ReferencesIn),
        _ => [],
    };
}
