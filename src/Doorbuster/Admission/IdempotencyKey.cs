using System.Diagnostics.CodeAnalysis;

namespace Doorbuster.Admission;

/// <summary>
/// The buyer's name for one attempt, as the <c>Idempotency-Key</c> header carries it: 1 to 64 visible ASCII characters,
/// quoted or bare, which is the same key (draft-ietf-httpapi-idempotency-key-header writes it as a quoted string).
/// </summary>
public static class IdempotencyKey
{
    /// <summary>
    /// Reads a header's value; one with a quote at only one end, or with nothing between two, is no key.
    /// </summary>
    public static bool TryParse(string? header, [NotNullWhen(true)] out string? key)
    {
        key = header is ['"', .. var inner, '"'] ? inner
            : header is ['"', ..] or [.., '"'] ? null
            : header;
        return key is { Length: >= 1 and <= OrderIdMint.MaxIdempotencyKeyBytes }
            && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
