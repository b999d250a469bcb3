using System.Text;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// How a key is written in the settings, whichever key it is: a text, taken as its bytes in UTF-8, or <c>base64:</c>
/// and the bytes in base64. One spelling means one key, so a token signed with another reading of it is forged.
/// </summary>
internal static class KeyText
{
    /// <summary>The fewest bytes of a key: fewer are weaker than the hash they feed (RFC 7518, section 3.2).</summary>
    public const int MinBytes = 32;

    private const string Prefix = "base64:";

    /// <summary>The key that a text spells; null where it is no base64 after the prefix.</summary>
    public static byte[]? Read(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>What is wrong with a text that must spell a key, to follow its setting's name; or null.</summary>
    public static string? Fault(string text) => Read(text) switch
    {
        null => $"is not shown here; after '{Prefix}' it must be base64. Mend it.",
        { Length: var bytes and < MinBytes } =>
            $"has {bytes} bytes; it must have at least {MinBytes}. Draw a longer one: what "
            + $"`openssl rand -base64 32` prints is right as it is, and after '{Prefix}'.",
        _ => null,
    };
}
