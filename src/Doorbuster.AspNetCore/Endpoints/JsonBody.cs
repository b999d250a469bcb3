using System.Text.Json;
using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Reads a body that is one JSON object.</summary>
internal static class JsonBody
{
    /// <summary>Parses the object and has it read.</summary>
    /// <param name="json">The whole body; it may throw what <see cref="Utf8JsonReader"/> throws.</param>
    /// <param name="what">What the object is, for a body that is none.</param>
    /// <param name="read">Reads it, and notes what is not right; what it returns then is dropped.</param>
    public static Parsed<T> Read<T>(
        ReadOnlySpan<byte> json, string what, Func<JsonElement, List<FieldError>, T> read)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);

        // Reading on past the end is how the reader refuses what follows.
        reader.Read();
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Problem.Invalid(JsonPointer.Root, what);
        }

        var errors = new List<FieldError>();
        var value = read(document.RootElement, errors);
        return errors.Count == 0 ? value : Problem.Invalid(errors);
    }
}
