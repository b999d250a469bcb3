using System.Security.Cryptography;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>The keys a server starts with: those of the settings, or its own.</summary>
/// <param name="Signing">
/// The key of HS256 tokens; null where an authority signs, and where none is accepted.
/// </param>
/// <param name="PurchaseTokens">Keys of purchase tokens: the first signs, all check.</param>
/// <param name="AcceptTokens">Whether bearer tokens say who calls; else the host program alone does.</param>
/// <param name="SelfMade">Whether the server made the signing key itself.</param>
/// <param name="Missing">
/// The settings without which the server accepts loopback alone; empty where they are all there.
/// </param>
internal sealed record ServerKeys(
    byte[]? Signing,
    IReadOnlyList<byte[]> PurchaseTokens,
    bool AcceptTokens,
    bool SelfMade,
    IReadOnlyList<string> Missing)
{
    private static ReadOnlySpan<byte> Purpose => "doorbuster purchase tokens"u8;

    /// <summary>Takes the keys from the settings, makes those of the data directory where needed.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="random">Where keys come from.</param>
    /// <param name="hasHost">Whether a host program says who calls, so that tokens need not.</param>
    /// <exception cref="InvalidSettingsException">
    /// A key file cannot be read or made, or there shall be guests whose tokens nothing would accept.
    /// </exception>
    public static ServerKeys Load(DoorbusterOptions options, RandomSource random, bool hasHost)
    {
        var isTold = options.Identity is not { Authority: null, SigningKey: null };
        var acceptTokens = isTold || !hasHost;
        if (!acceptTokens && options.Identity.Guests == true)
        {
            throw new InvalidSettingsException(
                "Doorbuster:Identity:Guests is true, and the host program alone says who calls: no token of a guest "
                + "would be accepted. Remove it, or set Doorbuster:Identity:SigningKey too.");
        }

        var missing = new List<string>();
        if (!isTold && !hasHost)
        {
            missing.Add("Doorbuster:Identity:Authority and Audience, or Doorbuster:Identity:SigningKey");
        }

        var signing = acceptTokens ? SigningKey(options, random) : null;
        return new ServerKeys(
            signing, PurchaseTokenKeys(options, signing, random, missing), acceptTokens,
            SelfMade: acceptTokens && !isTold, missing);
    }

    /// <summary>The key that signs and checks the HS256 tokens of these settings; null with an authority.</summary>
    /// <exception cref="InvalidSettingsException">The key file cannot be read or made.</exception>
    public static byte[]? SigningKey(DoorbusterOptions options, RandomSource random) =>
        options.Identity switch
        {
            { Authority: not null } => null,
            { SigningKey: { } text } => KeyText.Read(text),
            _ => KeyFile.ReadOrCreate(options.DataDirectory, KeyFile.SigningKey, random),
        };

    private static IReadOnlyList<byte[]> PurchaseTokenKeys(
        DoorbusterOptions options, byte[]? signing, RandomSource random, List<string> missing)
    {
        if (options.PurchaseTokens.Keys.Count > 0)
        {
            return [.. options.PurchaseTokens.Keys.Select(text => KeyText.Read(text)!)];
        }

        if (signing is not null)
        {
            return [HKDF.DeriveKey(HashAlgorithmName.SHA256, signing, KeyedHash.Size, info: Purpose.ToArray())];
        }

        missing.Add("Doorbuster:PurchaseTokens:Keys");
        return [KeyFile.ReadOrCreate(options.DataDirectory, KeyFile.PurchaseTokenKey, random)];
    }
}
