using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorbuster.EndToEnd.Tests.Contract;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>A place in a body, as its schema has it, and what that schema does not take there.</summary>
internal sealed class BodyField
{
    private const string Mark = "@@here@@";

    private static readonly ConcurrentDictionary<string, IReadOnlyList<BodyField>> Known = [];

    /// <summary>What stands in a body in place of something right; of these, a schema takes a few.</summary>
    private static readonly string[] Pool =
    [
        "null", "true", "false", "1", "0", "-1", "-0.5", "1.5", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "01",
        "2147483648", "-2147483649", "4294967297", "100000001", "10000000001", "9223372036854775808",
        "-9223372036854775809", "18446744073709551617", "100000000000000000000000000000000000000000000001", "\"\"",
        "\" \"", "\"1\"", "\"x\"", "\"yesterday\"", "\"P1Y\"", "\"-PT5M\"", "\"PT1.5S\"", "\"5\"", "\"a b\"",
        "\"true\"", "\"EUR \"", "\"eur\"", "\"EURO\"", "\"ключ\"", "\"\\u0000\"", "\"../..\"", "[]", "[1]", "{}",
        "{\"amount\":1}", "[[]]", "\"payment.stolen\"",
    ];

    private readonly IReadOnlyList<string> _path;

    private BodyField(IReadOnlyList<string> path, JsonElement schema, bool isRequired)
    {
        _path = path;
        IsRequired = isRequired;
        WrongValues = [.. Pool.Where(value => IsWrong(schema, value))];
        IsText = !Takes(schema, "1") && IsWrong(schema, "{}") && IsWrong(schema, "true");
    }

    public bool IsRequired { get; }

    public bool IsNested => _path.Count > 1;

    /// <summary>Whether a text, and no number, object or boolean, may stand there.</summary>
    public bool IsText { get; }

    /// <summary>What may not stand there, as JSON or what is none.</summary>
    public IReadOnlyList<string> WrongValues { get; }

    /// <summary>Every place in a call's body; none where it has no body, or an empty one.</summary>
    public static IReadOnlyList<BodyField> Of(ContractCall call) => Known.GetOrAdd(
        call.Name, _ => call.Body is { } schema ? [.. Fields([], schema)] : []);

    /// <summary>Puts something there.</summary>
    public void Write(Draft draft, string raw)
    {
        var body = JsonSerializer.Deserialize<JsonObject>(draft.Body)!;
        Holder(body)[_path[^1]] = Mark;
        draft.Body = Encoding.UTF8.GetBytes(body.ToJsonString().Replace($"\"{Mark}\"", raw));
    }

    /// <summary>Leaves it out.</summary>
    public void Remove(Draft draft)
    {
        var body = JsonSerializer.Deserialize<JsonObject>(draft.Body)!;
        Holder(body).Remove(_path[^1]);
        draft.Body = JsonSerializer.SerializeToUtf8Bytes(body);
    }

    private JsonObject Holder(JsonObject body)
    {
        foreach (var name in _path.SkipLast(1))
        {
            body = (body[name] ??= new JsonObject()).AsObject();
        }

        return body;
    }

    private static IEnumerable<BodyField> Fields(IReadOnlyList<string> above, JsonElement schema)
    {
        var of = ApiDocument.CheckedIn.Follow(schema);
        if (!of.TryGetProperty("properties", out var properties))
        {
            yield break;
        }

        var required = of.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet()
            : [];
        foreach (var property in properties.EnumerateObject())
        {
            var field = new BodyField([.. above, property.Name], property.Value, required.Contains(property.Name));
            yield return field;
            foreach (var below in Fields(field._path, property.Value))
            {
                yield return below;
            }
        }
    }

    private static bool Takes(JsonElement schema, string raw) => !IsWrong(schema, raw);

    private static bool IsWrong(JsonElement schema, string raw)
    {
        try
        {
            var value = JsonSerializer.Deserialize<JsonElement>(raw);
            return ApiDocument.CheckedIn.Schemas.Violations(schema, value).Count > 0;
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
