using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Doorbuster.Admission;

/// <summary>How a purchase token was found to be.</summary>
public enum TokenCheck
{
    /// <summary>Missing, malformed, forged, or of another sale.</summary>
    Invalid,

    /// <summary>Genuine, its time is over: it still authorises a replay.</summary>
    Expired,

    /// <summary>Genuine and in time.</summary>
    Valid,
}

/// <summary>
/// Issues and checks purchase tokens: the signed, expiring right of one buyer to try at one sale. A token carries its
/// buyer, so the hot path needs one hash and no look-up.
/// </summary>
/// <remarks>
/// A token is base64url of: key id (4 bytes), expiry (8 bytes, ms since 1970, big-endian), HMAC-SHA256 (32 bytes),
/// buyer (the rest). The hash covers key id, expiry, sale and buyer, each variable field preceded by its length.
/// </remarks>
public sealed class PurchaseTokens
{
    /// <summary>How long a token is good for.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private const int KeyIdBytes = 4;
    private const int HeadBytes = KeyIdBytes + sizeof(long);
    private const int FixedBytes = HeadBytes + KeyedHash.Size;
    private const int MaxBytes = FixedBytes + BuyerId.MaxBytes;
    private const int MaxText = (MaxBytes * 4 + 2) / 3;

    private readonly TimeProvider _clock;
    private readonly (uint Id, KeyedHash Hash)[] _keys;

    /// <summary>Takes the keys: the first signs, all check, so that keys can be rotated.</summary>
    /// <param name="keys">At least one key of at least 32 bytes.</param>
    /// <param name="clock">The time by which tokens expire.</param>
    public PurchaseTokens(IReadOnlyList<byte[]> keys, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        _clock = clock;
        _keys = [.. keys.Select(key => (IdOf(key), new KeyedHash(key)))];
    }

    /// <summary>Issues a token.</summary>
    public (string Token, DateTimeOffset ExpiresAt) Issue(SaleId sale, BuyerId buyer)
    {
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds((_clock.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        Span<byte> token = stackalloc byte[FixedBytes + buyer.Utf8.Length];
        BinaryPrimitives.WriteUInt32BigEndian(token, _keys[0].Id);
        BinaryPrimitives.WriteInt64BigEndian(token[KeyIdBytes..], expiresAt.ToUnixTimeMilliseconds());
        Hash(_keys[0].Hash, token[..HeadBytes], sale, buyer.Utf8, token[HeadBytes..]);
        buyer.Utf8.CopyTo(token[FixedBytes..]);
        return (Base64Url.EncodeToString(token), expiresAt);
    }

    /// <summary>Checks a token against a sale.</summary>
    /// <param name="token">The header's value.</param>
    /// <param name="sale">The sale it is used for.</param>
    /// <param name="buyer">Whose it is; set unless the token is invalid.</param>
    public TokenCheck Check(ReadOnlySpan<char> token, SaleId sale, out BuyerId buyer)
    {
        buyer = default;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (token.Length > MaxText || !TryDecode(token, bytes, out var length) || length <= FixedBytes
            || FindKey(BinaryPrimitives.ReadUInt32BigEndian(bytes)) is not { } key)
        {
            return TokenCheck.Invalid;
        }

        var carried = bytes[FixedBytes..length];
        Span<byte> expected = stackalloc byte[KeyedHash.Size];
        Hash(key, bytes[..HeadBytes], sale, carried, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[HeadBytes..FixedBytes])
            || !BuyerId.TryParse(carried, out buyer))
        {
            return TokenCheck.Invalid;
        }

        var expiresAtMs = BinaryPrimitives.ReadInt64BigEndian(bytes[KeyIdBytes..]);
        return _clock.GetUtcNow().ToUnixTimeMilliseconds() < expiresAtMs ? TokenCheck.Valid : TokenCheck.Expired;
    }

    private KeyedHash? FindKey(uint id)
    {
        foreach (var key in _keys)
        {
            if (key.Id == id)
            {
                return key.Hash;
            }
        }

        return null;
    }

    private static void Hash(
        KeyedHash key, ReadOnlySpan<byte> head, SaleId sale, ReadOnlySpan<byte> buyer, Span<byte> hash)
    {
        Span<byte> message = stackalloc byte[HeadBytes + 1 + SaleId.MaxLength + 1 + BuyerId.MaxBytes];
        head.CopyTo(message);
        var length = HeadBytes;
        var saleLength = Encoding.UTF8.GetBytes(sale.ToString(), message[(length + 1)..]);
        message[length] = (byte)saleLength;
        length += 1 + saleLength;
        message[length] = (byte)buyer.Length;
        buyer.CopyTo(message[(length + 1)..]);
        length += 1 + buyer.Length;
        key.Compute(message[..length], hash);
    }

    private static bool TryDecode(ReadOnlySpan<char> token, Span<byte> bytes, out int length)
    {
        length = 0;
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out length);
    }

    private static uint IdOf(byte[] key) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(key));
}
