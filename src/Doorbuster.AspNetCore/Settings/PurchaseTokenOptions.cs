using System.ComponentModel.DataAnnotations;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>Purchase tokens: what signs them, how often a buyer may ask (<c>Doorbuster:PurchaseTokens</c>).</summary>
public sealed record PurchaseTokenOptions
{
    /// <summary>The most keys at once.</summary>
    public const int MaxKeys = 8;

    /// <summary>
    /// At least 32 bytes each, spelled as <see cref="IdentityOptions.SigningKey"/> is, and 8 keys at most; the first
    /// signs, all check, so that keys can be rotated. Default: one derived from the signing key, or a file of the data
    /// directory where the server listens on loopback alone.
    /// </summary>
    [Secret]
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Tokens one buyer may take in a minute; one more is <c>rate-limited</c>. From 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int PerBuyerPerMinute { get; init; } = 30;

    /// <summary>
    /// Buyers whose tokens are counted at once, 8 bytes each, rounded up to a power of two. Where two buyers fall on
    /// one place the later is not counted: with too few places more is let through, never less. From 1,024 to
    /// 16,777,216.
    /// </summary>
    [Range(1_024, 16_777_216)]
    public int CountedBuyers { get; init; } = 262_144;
}
