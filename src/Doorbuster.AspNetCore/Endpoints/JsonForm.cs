using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Takes an object's fields one by one and notes everything that is not right, so that one answer names it all. A field
/// that is null counts as not given.
/// </summary>
internal sealed class JsonForm
{
    private const int MaxErrors = 32;

    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors;
    private readonly string _at;

    /// <summary>Opens an object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="at">The pointer to it.</param>
    /// <param name="known">The fields it may have.</param>
    /// <param name="errors">Where what is not right is noted.</param>
    public JsonForm(JsonElement element, string at, ReadOnlySpan<string> known, List<FieldError> errors)
    {
        _at = at;
        _errors = errors;
        foreach (var field in element.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                Refuse(field.Name, "There is no such field.");
            }
            else if (!_fields.TryAdd(field.Name, field.Value))
            {
                Refuse(field.Name, "It is given twice.");
            }
        }
    }

    /// <summary>Notes that a field is not right.</summary>
    public void Refuse(string name, string detail)
    {
        if (_errors.Count < MaxErrors)
        {
            _errors.Add(new FieldError(JsonPointer.Property(_at, name), detail));
        }
    }

    /// <summary>A text of so many characters; null where it is not given or not right.</summary>
    public string? Text(string name, int maxLength, bool isRequired = false, bool allowLines = false)
    {
        var detail = $"A text of 1 to {maxLength} characters{(allowLines ? "" : " on one line")}.";
        if (!TryTake(name, isRequired ? detail : null, out var field))
        {
            return null;
        }

        var text = field.ValueKind == JsonValueKind.String ? field.GetString()! : "";
        var isRight = !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength
            && text.All(c => !char.IsControl(c) || (allowLines && c is '\n' or '\r' or '\t'));
        return Check(isRight, name, detail) ? text : null;
    }

    /// <summary>A whole number; the default where it is not given or not right.</summary>
    public long Whole(string name, long min, long max, long? byDefault = null)
    {
        var detail = $"A whole number from {min} to {max}.";
        if (!TryTake(name, byDefault is null ? detail : null, out var field))
        {
            return byDefault ?? min;
        }

        var number = 0L;
        var isRight = field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out number)
            && number >= min && number <= max;
        return Check(isRight, name, detail) ? number : byDefault ?? min;
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool byDefault)
    {
        return TryTake(name, null, out var field)
            && Check(field.ValueKind is JsonValueKind.True or JsonValueKind.False, name, "true or false.")
            ? field.GetBoolean()
            : byDefault;
    }

    /// <summary>A moment; null where it is not given or not right.</summary>
    public DateTimeOffset? Time(string name, bool isRequired = false)
    {
        const string Detail = "A time as RFC 3339 has it, with an offset, such as 2026-01-31T08:15:00Z.";
        var time = default(DateTimeOffset);
        return TryTake(name, isRequired ? Detail : null, out var field)
            && Check(
                field.ValueKind == JsonValueKind.String && Rfc3339.TryParse(field.GetString()!, out time), name, Detail)
            ? time
            : null;
    }

    /// <summary>A duration; the default where it is not given or not right.</summary>
    public TimeSpan Duration(string name, TimeSpan min, TimeSpan max, TimeSpan byDefault)
    {
        var duration = byDefault;
        return TryTake(name, null, out var field)
            && Check(
                field.ValueKind == JsonValueKind.String && IsoDuration.TryParse(field.GetString()!, out duration)
                    && duration >= min && duration <= max,
                name,
                $"A duration as ISO 8601 has it, from {IsoDuration.Write(min)} to {IsoDuration.Write(max)}.")
            ? duration
            : byDefault;
    }

    /// <summary>Money, in minor units; nothing where it is not given or not right.</summary>
    public Money Money(string name, long max)
    {
        const string Detail = "An object with an amount, in minor units, and a currency.";
        if (Form(name, Detail, ["amount", "currency"]) is not { } money)
        {
            return default;
        }

        var amount = money.Whole("amount", 0, max);
        var currency = money.Text("currency", maxLength: 3, isRequired: true);
        if (currency is not null && !Doorbuster.Money.IsCurrency(currency))
        {
            money.Refuse("currency", "Three capital letters, as ISO 4217 has them.");
        }

        return new Money(amount, currency ?? "");
    }

    /// <summary>An object within this one; null where it is not given or none.</summary>
    public JsonForm? Form(string name, string detail, ReadOnlySpan<string> known) =>
        TryTake(name, detail, out var field) && Check(field.ValueKind == JsonValueKind.Object, name, detail)
            ? new JsonForm(field, JsonPointer.Property(_at, name), known, _errors)
            : null;

    private bool TryTake(string name, string? detailIfMissing, out JsonElement field)
    {
        var isGiven = _fields.TryGetValue(name, out field) && field.ValueKind != JsonValueKind.Null;
        if (!isGiven && detailIfMissing is not null)
        {
            Refuse(name, $"It is missing. {detailIfMissing}");
        }

        return isGiven;
    }

    private bool Check(bool isRight, string name, string detail)
    {
        if (!isRight)
        {
            Refuse(name, detail);
        }

        return isRight;
    }
}
