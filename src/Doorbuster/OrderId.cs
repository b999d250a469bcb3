using System.Diagnostics.CodeAnalysis;

namespace Doorbuster;

/// <summary>
/// The name of an order, which its claim carries from birth: <c>&lt;saleId&gt;.&lt;26 characters&gt;</c> of Crockford's
/// base 32 (https://www.crockford.com/base32.html), in capitals. <see cref="OrderIdMint"/> makes and proves them.
/// </summary>
/// <param name="Sale">The sale the order belongs to.</param>
/// <param name="Key">The 128 bits that name it within the sale.</param>
public readonly record struct OrderId(SaleId Sale, OrderKey Key) : ISpanFormattable
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int KeyLength = 26;

    /// <summary>
    /// Reads an order id; letters of either case are the same, everything else must be as it was written.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OrderId id)
    {
        id = default;
        var dot = text?.LastIndexOf('.') ?? -1;
        if (text is null || dot < 1 || text.Length - dot - 1 != KeyLength
            || !SaleId.TryParse(text[..dot], out var sale) || !TryDecode(text.AsSpan(dot + 1), out var key))
        {
            return false;
        }

        id = new OrderId(sale, key);
        return true;
    }

    /// <summary>How many characters it is written with.</summary>
    public int Length => Sale.ToString().Length + 1 + KeyLength;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(Length, this, static (span, id) => id.TryFormat(span, out _));

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null)
    {
        var sale = Sale.ToString();
        charsWritten = 0;
        if (destination.Length < Length)
        {
            return false;
        }

        sale.CopyTo(destination);
        destination[sale.Length] = '.';
        Encode(Key, destination.Slice(sale.Length + 1, KeyLength));
        charsWritten = Length;
        return true;
    }

    /// <summary>From the right: twelve characters of the lower half, one of both, and the rest of the upper.</summary>
    private static void Encode(OrderKey key, Span<char> target)
    {
        const int Shared = 13;
        var (high, low) = (key.High, key.Low);
        for (var i = KeyLength - 1; i > Shared; i--)
        {
            target[i] = Alphabet[(int)(low & 31)];
            low >>= 5;
        }

        target[Shared] = Alphabet[(int)(low | ((high & 1) << 4))];
        high >>= 1;
        for (var i = Shared - 1; i >= 0; i--)
        {
            target[i] = Alphabet[(int)(high & 31)];
            high >>= 5;
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out OrderKey key)
    {
        key = default;
        var bits = UInt128.Zero;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(text[i]), StringComparison.Ordinal);

            // 26 characters carry 130 bits; the two in front of the id's 128 are always zero.
            if (digit < 0 || (i == 0 && digit > 7))
            {
                return false;
            }

            bits = (bits << 5) | (uint)digit;
        }

        key = new OrderKey((ulong)(bits >> 64), (ulong)bits);
        return true;
    }
}
