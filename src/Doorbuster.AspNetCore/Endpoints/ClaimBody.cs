using System.Text.Json;
using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Reads a claim's body, <c>{"quantity": 1}</c>, strictly: what it does not know it refuses, so that a misspelled field
/// never buys something else than was meant. No body at all means one unit.
/// </summary>
internal static class ClaimBody
{
    private const int MaxErrors = 8;
    private const string QuantityPointer = "#/quantity";

    private static readonly string WhatItMayBe = $"A whole number from 1 to {Sale.MaxQuantity}.";

    /// <summary>The units asked for.</summary>
    public static Parsed<int> Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return 1;
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return Problem.Invalid(JsonPointer.Root, "An object with a quantity.");
        }

        var quantity = 1;
        var isGiven = false;
        List<FieldError>? errors = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadProperty(ref reader, ref quantity, ref isGiven) is { } error && (errors ??= []).Count < MaxErrors)
            {
                errors.Add(error);
            }
        }

        // Reading on past the end is how the reader refuses what follows.
        reader.Read();
        return errors is null ? quantity : Problem.Invalid(errors);
    }

    private static FieldError? ReadProperty(ref Utf8JsonReader reader, ref int quantity, ref bool isGiven)
    {
        if (!reader.ValueTextEquals("quantity"u8))
        {
            var pointer = JsonPointer.Property(JsonPointer.Root, reader.GetString()!);
            Pass(ref reader);
            return new FieldError(pointer, "A claim has no such field.");
        }

        var isTwice = isGiven;
        isGiven = true;
        reader.Read();
        var isRight = reader.TokenType == JsonTokenType.Number
            && reader.TryGetInt32(out quantity)
            && quantity is >= 1 and <= Sale.MaxQuantity;
        reader.Skip();
        return isTwice ? new FieldError(QuantityPointer, "It is given twice.")
            : isRight ? null
            : new FieldError(QuantityPointer, WhatItMayBe);
    }

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
