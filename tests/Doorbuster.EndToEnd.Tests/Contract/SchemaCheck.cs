using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Doorbuster.EndToEnd.Tests.Contract;

/// <summary>
/// Compares JSON with a JSON Schema of an OpenAPI document. It knows the keywords that ours uses, and refuses others.
/// It is stricter than the standard in one thing: a field that no schema names is wrong, so that nothing goes
/// undescribed.
/// </summary>
/// <param name="references">Finds what a <c>$ref</c> names.</param>
internal sealed class SchemaCheck(Func<string, JsonElement> references)
{
    private static readonly string[] Annotations = ["description", "default", "discriminator"];

    /// <summary>What is wrong with a value, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Violations(JsonElement schema, JsonElement value)
    {
        var wrong = new List<string>();
        Compare(schema, value, "#", wrong);
        return wrong;
    }

    private void Compare(JsonElement schema, JsonElement value, string at, List<string> wrong)
    {
        var named = Apply(schema, value, at, wrong);
        if (value.ValueKind == JsonValueKind.Object && named is not null)
        {
            wrong.AddRange(value.EnumerateObject()
                .Where(field => !named.Contains(field.Name))
                .Select(field => $"{at}/{field.Name} is in no schema"));
        }
    }

    /// <summary>Applies every keyword of a schema.</summary>
    /// <returns>The fields it names; null where it allows any.</returns>
    private HashSet<string>? Apply(JsonElement schema, JsonElement value, string at, List<string> wrong)
    {
        var named = new HashSet<string>();
        var isOpen = false;
        foreach (var (keyword, rule) in schema.EnumerateObject().Select(p => (p.Name, p.Value)))
        {
            if (Parts(keyword, rule, value, at, wrong) is { } parts)
            {
                parts.ForEach(part => isOpen |= !Join(named, part));
            }
            else if (keyword == "additionalProperties")
            {
                isOpen |= rule.ValueKind == JsonValueKind.True;
            }
            else if (!Annotations.Contains(keyword) && Judge(keyword, rule, value, at, wrong) is { } judgement)
            {
                wrong.Add($"{at} {judgement}");
            }

            if (keyword == "properties")
            {
                named.UnionWith(rule.EnumerateObject().Select(property => property.Name));
            }
        }

        return isOpen ? null : named;
    }

    /// <summary>Applies schemas that are about the same value; null where the keyword is another.</summary>
    private List<HashSet<string>?>? Parts(
        string keyword, JsonElement rule, JsonElement value, string at, List<string> wrong) => keyword switch
        {
            "$ref" => [Apply(references(rule.GetString()!), value, at, wrong)],
            "allOf" => [.. rule.EnumerateArray().Select(part => Apply(part, value, at, wrong))],
            "oneOf" => [ApplyOne(rule, value, at, wrong)],
            _ => null,
        };

    private HashSet<string>? ApplyOne(JsonElement rule, JsonElement value, string at, List<string> wrong)
    {
        var tried = rule.EnumerateArray()
            .Select(part =>
            {
                var found = new List<string>();
                return (Named: Apply(part, value, at, found), Wrong: found);
            })
            .OrderBy(part => part.Wrong.Count)
            .ToList();
        if (tried.Count(part => part.Wrong.Count == 0) > 1)
        {
            wrong.Add($"{at} is more than one of oneOf");
        }

        wrong.AddRange(tried[0].Wrong);
        return tried[0].Named;
    }

    private string? Judge(string keyword, JsonElement rule, JsonElement value, string at, List<string> wrong)
    {
        var isText = value.ValueKind == JsonValueKind.String;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        switch (keyword)
        {
            case "type":
                var types = rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray() : default;
                return types.Append(rule).Any(type => IsOfType(type, value)) ? null : $"is no {rule}: {value}";
            case "const":
                return JsonElement.DeepEquals(rule, value) ? null : $"is not {rule}: {value}";
            case "enum":
                return rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? null : $"is {value}";
            case "required":
                var absent = rule.EnumerateArray().Select(name => name.GetString()!).Where(name => Lacks(value, name));
                return absent.Any() ? $"lacks {string.Join(", ", absent)}" : null;
            case "properties":
                CompareFields(rule, value, at, wrong);
                return null;
            case "items":
                CompareItems(rule, value, at, wrong);
                return null;
            case "pattern":
                return !isText || Regex.IsMatch(value.GetString()!, rule.GetString()!) ? null : $"is '{value}'";
            case "format":
                return !isText || HasFormat(rule.GetString()!, value.GetString()!) ? null : $"is no {rule}: {value}";
            case "minimum":
                return !isNumber || value.GetDouble() >= rule.GetDouble() ? null : $"is {value}";
            case "maximum":
                return !isNumber || value.GetDouble() <= rule.GetDouble() ? null : $"is {value}";
            case "minLength":
                return !isText || value.GetString()!.Length >= rule.GetInt32() ? null : "is too short";
            case "maxLength":
                return !isText || value.GetString()!.Length <= rule.GetInt32() ? null : "is too long";
            case "minItems":
                return value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= rule.GetInt32() ? null
                    : "has too few items";
            default:
                throw new NotSupportedException($"No schema of ours has needed '{keyword}' before: teach it here.");
        }
    }

    private void CompareFields(JsonElement properties, JsonElement value, string at, List<string> wrong)
    {
        foreach (var property in properties.EnumerateObject().Where(p => !Lacks(value, p.Name)))
        {
            Compare(property.Value, value.GetProperty(property.Name), $"{at}/{property.Name}", wrong);
        }
    }

    private void CompareItems(JsonElement schema, JsonElement value, string at, List<string> wrong)
    {
        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
        foreach (var (index, item) in items.Index())
        {
            Compare(schema, item, $"{at}/{index}", wrong);
        }
    }

    private static bool Join(HashSet<string> named, HashSet<string>? part)
    {
        named.UnionWith(part ?? []);
        return part is not null;
    }

    private static bool Lacks(JsonElement value, string name) =>
        value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out _);

    private static bool IsOfType(JsonElement type, JsonElement value) =>
        type.ValueKind == JsonValueKind.String && type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };

    private static bool HasFormat(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T'),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "uri-reference" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
        _ => throw new NotSupportedException($"No schema of ours has needed the format '{format}' before."),
    };
}
