using System.Diagnostics.CodeAnalysis;

namespace Doorbuster;

/// <summary>
/// The name of an order, which its claim carries from birth: <c>&lt;saleId&gt;.&lt;26 characters&gt;</c> of Crockford's
/// base 32 (https://www.crockford.com/base32.html), in capitals. <see cref="OrderIdMint"/> makes and proves them.
/// </summary>
/// <param name="Sale">The sale the order belongs to.</param>
/// <param name="Key">The 128 bits that name it within the sale.</param>
public readonly record struct OrderId(SaleId Sale, OrderKey Key)
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

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(Sale.ToString().Length + 1 + KeyLength, this, static (span, id) =>
        {
            var sale = id.Sale.ToString();
            sale.CopyTo(span);
            span[sale.Length] = '.';
            Encode(id.Key, span[(sale.Length + 1)..]);
        });

    private static void Encode(OrderKey key, Span<char> target)
    {
        var bits = new UInt128(key.High, key.Low);
        for (var i = KeyLength - 1; i >= 0; i--)
        {
            target[i] = Alphabet[(int)(bits & 31)];
            bits >>= 5;
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
