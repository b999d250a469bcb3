using System.Text;

namespace Doorbuster;

/// <summary>
/// Who buys: 1 to 128 bytes of UTF-8 without control characters, as the identity provider names them. Kept as bytes,
/// because tokens, keys and stores all speak bytes, and a million of them cost a third less than strings.
/// </summary>
public readonly struct BuyerId : IEquatable<BuyerId>
{
    /// <summary>The most bytes a buyer id has.</summary>
    public const int MaxBytes = 128;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _utf8;
    private readonly int _hash;

    private BuyerId(byte[] utf8)
    {
        _utf8 = utf8;
        _hash = HashOf(utf8);
    }

    /// <summary>The id's UTF-8 bytes.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>Reads a buyer id from text.</summary>
    public static bool TryParse(string? text, out BuyerId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxBytes)
        {
            return false;
        }

        try
        {
            return TryParse(Strict.GetBytes(text), out id);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Reads a buyer id from its bytes, which are copied.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out BuyerId id)
    {
        var valid = IsValid(utf8);
        id = valid ? new BuyerId(utf8.ToArray()) : default;
        return valid;
    }

    /// <summary>Reads a buyer id that is known to be one.</summary>
    /// <exception cref="FormatException">The text is not a buyer id.</exception>
    public static BuyerId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a buyer id.");

    /// <summary>Whether these bytes are a buyer id.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> utf8) =>
        utf8.Length is >= 1 and <= MaxBytes
        && System.Text.Unicode.Utf8.IsValid(utf8)
        && !HasControlCharacter(utf8);

    /// <summary>The buyer whose id these bytes were.</summary>
    internal static BuyerId Copy(ReadOnlySpan<byte> utf8) => new(utf8.ToArray());

    /// <summary>
    /// Drawn anew in each process, so that nobody can choose ids of one hash; nothing is enumerated by it.
    /// </summary>
    internal static int HashOf(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public bool Equals(BuyerId other) => _hash == other._hash && Utf8.SequenceEqual(other.Utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BuyerId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    private static bool HasControlCharacter(ReadOnlySpan<byte> utf8)
    {
        if (utf8.ContainsAnyInRange((byte)0x00, (byte)0x1f) || utf8.Contains((byte)0x7f))
        {
            return true;
        }

        // U+0080 to U+009F are C2 80 to C2 9F.
        for (var at = utf8.IndexOf((byte)0xc2); at >= 0; at = utf8.IndexOf((byte)0xc2))
        {
            if (utf8[at + 1] <= 0x9f)
            {
                return true;
            }

            utf8 = utf8[(at + 2)..];
        }

        return false;
    }

    /// <summary>Whether both name the same buyer.</summary>
    public static bool operator ==(BuyerId left, BuyerId right) => left.Equals(right);

    /// <summary>Whether they name different buyers.</summary>
    public static bool operator !=(BuyerId left, BuyerId right) => !left.Equals(right);
}
