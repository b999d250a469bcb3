using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Doorbuster.Payments;

/// <summary>What a look at a message's signature found.</summary>
public enum WebhookCheck
{
    /// <summary>Someone who knows one of the keys sent it, just now.</summary>
    Genuine,

    /// <summary>One of the three headers is missing, or has a form that nobody signs.</summary>
    Incomplete,

    /// <summary>Its time is too far from ours: it is an old message again, or a clock is wrong.</summary>
    Stale,

    /// <summary>None of its signatures is of one of the keys, or something was changed after it was signed.</summary>
    Forged,
}

/// <summary>
/// The keys by which two servers know each other's messages, as Standard Webhooks 1.0 has it
/// (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body, with a full stop between. While keys are
/// rotated there are several: a message is signed with each, and one that is known is enough.
/// </summary>
public sealed class WebhookKeys
{
    /// <summary>The most keys at once.</summary>
    public const int MaxKeys = 8;

    /// <summary>The header with the message's name, the same however often it is sent.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the time of sending, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures, <c>v1,…</c> each, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a message's time may be from ours, in either direction.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int MinKeyBytes = 24;
    private const int MaxKeyBytes = 64;
    private const int MaxIdLength = 256;
    private const int MaxTimestampLength = 12;

    // Room for many more signatures than there are keys, for those of other versions.
    private const int MaxSignatureLength = 2_048;
    private const int SignatureLength = 44;

    private readonly byte[][] _keys;

    /// <summary>Takes keys as <see cref="TryParse"/> reads them.</summary>
    /// <param name="keys">At most <see cref="MaxKeys"/>; with none nothing is genuine.</param>
    public WebhookKeys(IReadOnlyList<byte[]> keys)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Count, MaxKeys);
        _keys = [.. keys];
    }

    /// <summary>Reads a key as people exchange it: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (text is null || !text.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text[SecretPrefix.Length..], bytes, out var length)
            && length is >= MinKeyBytes and <= MaxKeyBytes)
        {
            key = bytes[..length];
        }

        return key is not null;
    }

    /// <summary>What <see cref="SignatureHeader"/> says of a message: one signature a key.</summary>
    /// <param name="id">The message's name, without a full stop, which separates what is signed.</param>
    /// <param name="sentAt">When it is sent; the header says it in whole seconds.</param>
    /// <param name="body">The message, byte for byte as it is sent.</param>
    public string Sign(string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body)
    {
        var signed = Signed(id, TimestampOf(sentAt), body);
        return string.Join(' ', _keys.Select(
            key => Version + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }

    /// <summary>What <see cref="TimestampHeader"/> says of a time.</summary>
    public static string TimestampOf(DateTimeOffset time) =>
        time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Looks whether a message is genuine. It takes as long for a forged one as for another.</summary>
    /// <param name="id">What <see cref="IdHeader"/> says; null where it is not there once.</param>
    /// <param name="timestamp">What <see cref="TimestampHeader"/> says; null where it is not there once.</param>
    /// <param name="signatures">What <see cref="SignatureHeader"/> says; null where it is not there once.</param>
    /// <param name="body">The body as it arrived.</param>
    /// <param name="now">The time.</param>
    public WebhookCheck Check(
        string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!IsId(id) || signatures is not { Length: > 0 and <= MaxSignatureLength }
            || timestamp is not { Length: <= MaxTimestampLength }
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return WebhookCheck.Incomplete;
        }

        if (Math.Abs(now.ToUnixTimeMilliseconds() - seconds * 1_000) > (long)Tolerance.TotalMilliseconds)
        {
            return WebhookCheck.Stale;
        }

        return IsSigned(Signed(id, timestamp, body), signatures) ? WebhookCheck.Genuine : WebhookCheck.Forged;
    }

    private bool IsSigned(ReadOnlySpan<byte> signed, string signatures)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[SignatureLength];
        var isSigned = false;
        foreach (var key in _keys)
        {
            HMACSHA256.HashData(key, signed, expected);
            foreach (var range in signatures.AsSpan().Split(' '))
            {
                isSigned |= TryRead(signatures.AsSpan(range), given, out var length)
                    && CryptographicOperations.FixedTimeEquals(expected, given[..length]);
            }
        }

        return isSigned;
    }

    /// <summary>Reads one signature; those of other versions are others' to check.</summary>
    private static bool TryRead(ReadOnlySpan<char> signature, Span<byte> target, out int length)
    {
        length = 0;
        return signature.StartsWith(Version, StringComparison.Ordinal)
            && signature.Length == Version.Length + SignatureLength
            && Convert.TryFromBase64Chars(signature[Version.Length..], target, out length);
    }

    private static byte[] Signed(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var head = $"{id}.{timestamp}.";
        var bytes = new byte[head.Length + body.Length];
        Encoding.ASCII.GetBytes(head, bytes);
        body.CopyTo(bytes.AsSpan(head.Length));
        return bytes;
    }

    /// <summary>Visible ASCII without a full stop: with one, two messages could be signed by the same bytes.</summary>
    private static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && !id.AsSpan().ContainsAny('.', ' ')
        && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
