using System.Text.Json;
using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>The body of a call that wants none.</summary>
internal static class NoWish
{
    /// <summary>No body, or an object without fields, so that a misspelled wish is not taken for granted.</summary>
    public static Parsed<bool> Read(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return true;
        }

        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);

        // Reading on past the end is how the reader refuses what follows.
        reader.Read();
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Problem.Invalid(JsonPointer.Root, "Nothing, or an object without fields.");
        }

        var errors = new List<FieldError>();
        _ = new JsonForm(document.RootElement, JsonPointer.Root, [], errors);
        return errors.Count == 0 ? true : Problem.Invalid(errors);
    }
}
