using System.Buffers;
using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Reads a change of a sale's terms as a merge patch (RFC 7396): what is given takes the place of what stands, null
/// takes it away, and the rest stays. The result is read like the terms of a new sale, so that whatever must hold
/// between terms holds between old and new ones too.
/// </summary>
internal static class SalePatch
{
    /// <summary>The type of a merge patch.</summary>
    public const string ContentType = "application/merge-patch+json";

    private static readonly string[] Fixed = ["id", "quantity"];

    private static readonly string[] Fields =
    [
        "title", "description", "imageUrl", "price", "opensAt", "closesAt", "perBuyerLimit", "paymentWindow",
        "requirePurchaseToken", .. Fixed,
    ];

    /// <summary>The type a request's patch must be: plain JSON says the same, and is taken too.</summary>
    public static string MediaTypeOf(HttpRequest request) =>
        request.ContentType?.StartsWith(Reply.Json, StringComparison.OrdinalIgnoreCase) == true
            ? Reply.Json
            : ContentType;

    /// <summary>The terms of a sale as a patch leaves them.</summary>
    /// <param name="json">The patch.</param>
    /// <param name="sale">The sale as it is.</param>
    public static Parsed<Sale> Parse(ReadOnlySpan<byte> json, Sale sale) =>
        JsonBody.Read(json, "An object with the terms to change.", (patch, errors) =>
        {
            Check(patch, errors);
            using var result = JsonDocument.Parse(Merge(sale, patch));
            return errors.Count == 0 ? SaleForm.Parse(result.RootElement, sale, errors) : sale;
        });

    private static void Check(JsonElement patch, List<FieldError> errors)
    {
        var form = new JsonForm(patch, JsonPointer.Root, Fields, errors);
        foreach (var name in Fixed)
        {
            if (patch.TryGetProperty(name, out _))
            {
                form.Refuse(name, name == "id" ? "It never changes." : "Units are added with POST .../replenish.");
            }
        }
    }

    private static ReadOnlyMemory<byte> Merge(Sale sale, JsonElement patch)
    {
        var terms = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(terms))
        {
            json.WriteStartObject();
            SaleTermsJson.Write(json, sale);
            json.WriteEndObject();
        }

        var result = new ArrayBufferWriter<byte>(1024);
        using var standing = JsonDocument.Parse(terms.WrittenMemory);
        using (var json = new Utf8JsonWriter(result))
        {
            Merge(standing.RootElement, patch, json);
        }

        return result.WrittenMemory;
    }

    /// <summary>Merges an object into another. What stands nowhere comes last, so that a form refuses it.</summary>
    private static void Merge(JsonElement standing, JsonElement patch, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var field in standing.EnumerateObject())
        {
            var isGiven = patch.TryGetProperty(field.Name, out var given);
            Write(field.Name, field.Value, isGiven ? given : field.Value, json);
        }

        var others = patch.EnumerateObject().Where(field => !standing.TryGetProperty(field.Name, out _));
        foreach (var field in others)
        {
            Write(field.Name, default, field.Value, json);
        }

        json.WriteEndObject();
    }

    private static void Write(string name, JsonElement standing, JsonElement given, Utf8JsonWriter json)
    {
        if (given.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        json.WritePropertyName(name);
        if (standing.ValueKind == JsonValueKind.Object && given.ValueKind == JsonValueKind.Object)
        {
            Merge(standing, given, json);
        }
        else
        {
            given.WriteTo(json);
        }
    }
}
