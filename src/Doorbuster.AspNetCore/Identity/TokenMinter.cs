using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>
/// Signs tokens (RFC 7519, HS256) that a server of the same settings accepts: for guests, for development, for tests.
/// </summary>
public sealed class TokenMinter
{
    /// <summary>How long a token lives.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>The role of an operator.</summary>
    public const string OperatorRole = "operator";

    /// <summary>Who signs, and for whom.</summary>
    public const string Issuer = "doorbuster";

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly byte[] _key;
    private readonly IdentityOptions _identity;
    private readonly TimeProvider _clock;

    internal TokenMinter(byte[] key, IdentityOptions identity, TimeProvider clock)
    {
        _key = key;
        _identity = identity;
        _clock = clock;
    }

    /// <summary>
    /// A minter with the settings' signing key, or that of the data directory, which is made if there is none.
    /// </summary>
    /// <param name="options">The server's settings.</param>
    /// <param name="clock">The time from which tokens live.</param>
    /// <exception cref="InvalidSettingsException">An authority signs the tokens, or the key cannot be read.</exception>
    public static TokenMinter For(DoorbusterOptions options, TimeProvider clock) =>
        ServerKeys.SigningKey(options, RandomSource.System) is { } key
            ? new TokenMinter(key, options.Identity, clock)
            : throw new InvalidSettingsException(
                $"Doorbuster:Identity:Authority is '{options.Identity.Authority}'; tokens come from there, none is "
                + "signed here. Ask it for one.");

    /// <summary>A token that names a buyer.</summary>
    public string ForBuyer(BuyerId buyer) => Mint(buyer.ToString(), role: null);

    /// <summary>A token that names an operator.</summary>
    public string ForOperator() => Mint(OperatorRole, OperatorRole);

    private string Mint(string subject, string? role)
    {
        var signed = $"{Header}.{Base64Url.EncodeToString(Payload(subject, role))}";
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(signed), signature);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private ReadOnlySpan<byte> Payload(string subject, string? role)
    {
        var now = _clock.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("iss", Issuer);
        json.WriteString("aud", _identity.Audience ?? Issuer);
        json.WriteString("sub", subject);
        if (role is not null)
        {
            json.WriteString(_identity.RoleClaim, role);
        }

        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteNumber("exp", (now + Life).ToUnixTimeSeconds());
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
