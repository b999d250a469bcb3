using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Doorbuster;

/// <summary>
/// Makes a sale's order ids, and tells a genuine one from a guess. The first 80 bits are an HMAC of sale, buyer and
/// idempotency key, so that the same buyer and key always mean the same order, on every node, without a look-up. The
/// last 48, of a cheaper code under a key derived from it (HKDF, RFC 5869), bind those 80 and the buyer: only who knows
/// the sale's key can make an id that proves itself.
/// </summary>
/// <remarks>
/// The key is drawn when the sale is created and lives in its row; rotating other keys changes no id. Every field of a
/// message is preceded by its length, so that no two different inputs spell the same message.
/// </remarks>
public sealed class OrderIdMint
{
    /// <summary>The most bytes of an idempotency key.</summary>
    public const int MaxIdempotencyKeyBytes = 64;

    /// <summary>Bytes of a sale's key.</summary>
    public const int KeyBytes = 32;

    private const int IdBytes = 16;
    private const int HeadBytes = 10;
    private const int MaxMessage = 4 + SaleId.MaxLength + BuyerId.MaxBytes + MaxIdempotencyKeyBytes;
    private const byte HeadPurpose = 1;
    private const byte TailPurpose = 2;

    private readonly SaleId _sale;
    private readonly byte[] _saleUtf8;
    private readonly KeyedHash _hash;
    private readonly SipHash _proof;

    /// <summary>A mint for one sale.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="key">The sale's own key, <see cref="KeyBytes"/> bytes.</param>
    public OrderIdMint(SaleId sale, ReadOnlySpan<byte> key)
    {
        _sale = sale;
        _saleUtf8 = Encoding.UTF8.GetBytes(sale.ToString());
        _hash = new KeyedHash(key);
        Span<byte> proofKey = stackalloc byte[SipHash.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, proofKey, salt: [], info: "doorbuster order id proof"u8);
        _proof = new SipHash(proofKey);
    }

    /// <summary>The id of the order that this buyer's claim under this key is, or will be.</summary>
    /// <param name="buyer">Whose claim it is.</param>
    /// <param name="idempotencyKey">1 to 64 visible ASCII characters.</param>
    public OrderId Mint(BuyerId buyer, ReadOnlySpan<char> idempotencyKey) =>
        Complete(Begin(buyer, idempotencyKey), buyer);

    /// <summary>The first 80 bits of that id, for half the price: enough to tell that no such order stands.</summary>
    public OrderHead Begin(BuyerId buyer, ReadOnlySpan<char> idempotencyKey)
    {
        Span<byte> key = stackalloc byte[MaxIdempotencyKeyBytes];
        var keyLength = Encoding.ASCII.GetBytes(idempotencyKey, key);
        Span<byte> message = stackalloc byte[MaxMessage];
        Span<byte> hash = stackalloc byte[KeyedHash.Size];
        _hash.Compute(Spell(message, HeadPurpose, buyer, key[..keyLength]), hash);
        return new OrderHead(
            BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt16BigEndian(hash[8..]));
    }

    /// <summary>The whole id.</summary>
    public OrderId Complete(OrderHead head, BuyerId buyer)
    {
        Span<byte> id = stackalloc byte[IdBytes];
        BinaryPrimitives.WriteUInt64BigEndian(id, head.High);
        BinaryPrimitives.WriteUInt16BigEndian(id[8..], head.Rest);
        WriteTail(id, buyer);
        return new OrderId(_sale, ReadKey(id));
    }

    /// <summary>Whether this sale's mint made the id for this buyer. It takes the same time for every id.</summary>
    public bool IsGenuine(OrderId id, BuyerId buyer)
    {
        Span<byte> given = stackalloc byte[IdBytes];
        BinaryPrimitives.WriteUInt64BigEndian(given, id.Key.High);
        BinaryPrimitives.WriteUInt64BigEndian(given[8..], id.Key.Low);
        Span<byte> made = stackalloc byte[IdBytes];
        given.CopyTo(made);
        WriteTail(made, buyer);
        return id.Sale == _sale && CryptographicOperations.FixedTimeEquals(given, made);
    }

    private void WriteTail(Span<byte> id, BuyerId buyer)
    {
        Span<byte> message = stackalloc byte[MaxMessage];
        Span<byte> tail = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(
            tail, _proof.Compute(Spell(message, TailPurpose, buyer, id[..HeadBytes])));
        tail[..(IdBytes - HeadBytes)].CopyTo(id[HeadBytes..]);
    }

    private ReadOnlySpan<byte> Spell(Span<byte> message, byte purpose, BuyerId buyer, ReadOnlySpan<byte> last)
    {
        message[0] = purpose;
        var length = 1;
        length += WriteField(message[length..], _saleUtf8);
        length += WriteField(message[length..], buyer.Utf8);
        length += WriteField(message[length..], last);
        return message[..length];
    }

    private static int WriteField(Span<byte> target, ReadOnlySpan<byte> field)
    {
        Debug.Assert(field.Length <= byte.MaxValue, "Every field is bounded far below 256 bytes.");
        target[0] = (byte)field.Length;
        field.CopyTo(target[1..]);
        return field.Length + 1;
    }

    private static OrderKey ReadKey(ReadOnlySpan<byte> id) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(id), BinaryPrimitives.ReadUInt64BigEndian(id[8..]));
}

/// <summary>The part of an order id that sale, buyer and idempotency key make: its first 80 bits.</summary>
/// <param name="High">The first 64, which are <see cref="OrderKey.High"/> of the whole.</param>
/// <param name="Rest">The other 16.</param>
public readonly record struct OrderHead(ulong High, ushort Rest);
