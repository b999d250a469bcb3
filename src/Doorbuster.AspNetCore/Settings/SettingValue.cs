using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>The types a single setting has: how each is read, and how a message describes it.</summary>
internal static class SettingValue
{
    /// <summary>Whether a setting of this type is one value, not a group.</summary>
    public static bool IsSingle(Type type) =>
        Bare(type) is var bare
        && (bare.IsEnum || bare.IsPrimitive || bare == typeof(string) || bare == typeof(TimeSpan));

    /// <summary>Reads a value; texts are always right.</summary>
    public static bool TryParse(Type type, string? text, out object? value)
    {
        var bare = Bare(type);
        value = bare == typeof(string) ? text
            : bare == typeof(bool) ? bool.TryParse(text, out var flag) ? flag : null
            : bare == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var n) ? n : null
            : bare == typeof(long) ? long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var l) ? l : null
            : bare == typeof(TimeSpan) ? TimeSpan.TryParseExact(text, "c", Invariant, out var time) ? time : null
            : bare.IsEnum ? ParseName(bare, text)
            : throw new NotSupportedException($"No setting is a {bare}.");
        return value is not null;
    }

    /// <summary>What a value may be, to follow the words "it must be".</summary>
    public static string Describe(Type type, RangeAttribute? range)
    {
        var bare = Bare(type);
        var kind = bare == typeof(bool) ? "true or false"
            : bare == typeof(TimeSpan) ? "a time such as 00:00:30"
            : bare.IsEnum ? $"one of: {string.Join(", ", Enum.GetNames(bare).Select(Spell))}"
            : bare == typeof(string) ? "a text"
            : "a whole number";
        return range is null ? kind : $"{kind} from {Write(range.Minimum)} to {Write(range.Maximum)}";
    }

    /// <summary>A value as one would set it.</summary>
    public static string Write(object? value) => value switch
    {
        null => "none",
        bool => value.ToString()!.ToLowerInvariant(),
        Enum one => Spell(one.ToString()),
        string name => name.ToLowerInvariant(),
        _ => string.Format(Invariant, "{0}", value),
    };

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>A name as one sets it: small letters, and a hyphen where a word begins.</summary>
    private static string Spell(string name) => string.Concat(name.Select((letter, at) =>
        at > 0 && char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static object? ParseName(Type type, string? text) =>
        Enum.GetNames(type).FirstOrDefault(name => string.Equals(Spell(name), text, StringComparison.OrdinalIgnoreCase))
            is { } found
            ? Enum.Parse(type, found)
            : null;
}
