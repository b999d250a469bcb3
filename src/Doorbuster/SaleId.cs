using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Doorbuster;

/// <summary>
/// The name of a sale: 1 to 64 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>, beginning with a letter or a digit.
/// </summary>
public readonly record struct SaleId
{
    /// <summary>The most characters a sale id has.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _text;

    private SaleId(string text) => _text = text;

    /// <summary>Reads a sale id; what is not one is refused, never repaired.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SaleId id)
    {
        if (text is null || !IsValid(text))
        {
            id = default;
            return false;
        }

        id = new SaleId(text);
        return true;
    }

    /// <summary>Reads a sale id that is known to be one.</summary>
    /// <exception cref="FormatException">The text is not a sale id.</exception>
    public static SaleId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a sale id.");

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    private static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= MaxLength
        && text[0] != '-'
        && !text.ContainsAnyExcept(Allowed);
}
