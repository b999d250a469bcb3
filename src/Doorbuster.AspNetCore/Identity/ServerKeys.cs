using System.Security.Cryptography;
using System.Text;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>The keys a server starts with: those of the settings, or its own.</summary>
/// <param name="Signing">Keys of HS256 tokens: the first signs, all check; empty where an authority signs.</param>
/// <param name="PurchaseTokens">Keys of purchase tokens: the first signs, all check.</param>
/// <param name="SelfMade">Whether the server made the signing key itself.</param>
/// <param name="Missing">
/// The settings without which the server accepts loopback alone; empty where they are all there.
/// </param>
internal sealed record ServerKeys(
    IReadOnlyList<byte[]> Signing,
    IReadOnlyList<byte[]> PurchaseTokens,
    bool SelfMade,
    IReadOnlyList<string> Missing)
{
    private static ReadOnlySpan<byte> Purpose => "doorbuster purchase tokens"u8;

    /// <summary>Takes the keys from the settings, makes those of the data directory where needed.</summary>
    /// <exception cref="InvalidSettingsException">A key file cannot be read or made.</exception>
    public static ServerKeys Load(DoorbusterOptions options, RandomSource random)
    {
        var missing = new List<string>();
        var selfMade = options.Identity is { Authority: null, SigningKey: null };
        if (selfMade)
        {
            missing.Add("Doorbuster:Identity:Authority and Audience, or Doorbuster:Identity:SigningKey");
        }

        var signing = SigningKeys(options, random);
        return new ServerKeys(signing, PurchaseTokenKeys(options, signing, random, missing), selfMade, missing);
    }

    /// <summary>The keys that sign and check the HS256 tokens of these settings; none with an authority.</summary>
    /// <exception cref="InvalidSettingsException">The key file cannot be read or made.</exception>
    public static IReadOnlyList<byte[]> SigningKeys(DoorbusterOptions options, RandomSource random) =>
        options.Identity switch
        {
            { Authority: not null } => [],
            { SigningKey: { } text } => Spellings(text),
            _ => [KeyFile.ReadOrCreate(options.DataDirectory, KeyFile.SigningKey, random)],
        };

    /// <summary>A key as it is written, and what it spells in base64: tools differ in which they sign with.</summary>
    private static byte[][] Spellings(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var decoded = new byte[text.Length];
        return Convert.TryFromBase64String(text, decoded, out var length) && length >= SettingsRules.MinKeyBytes
            ? [plain, decoded[..length]]
            : [plain];
    }

    private static IReadOnlyList<byte[]> PurchaseTokenKeys(
        DoorbusterOptions options, IReadOnlyList<byte[]> signing, RandomSource random, List<string> missing)
    {
        if (options.PurchaseTokens.Keys.Count > 0)
        {
            return [.. options.PurchaseTokens.Keys.Select(Convert.FromBase64String)];
        }

        if (signing.Count > 0)
        {
            return [HKDF.DeriveKey(HashAlgorithmName.SHA256, signing[0], KeyedHash.Size, info: Purpose.ToArray())];
        }

        missing.Add("Doorbuster:PurchaseTokens:Keys");
        return [KeyFile.ReadOrCreate(options.DataDirectory, KeyFile.PurchaseTokenKey, random)];
    }
}
