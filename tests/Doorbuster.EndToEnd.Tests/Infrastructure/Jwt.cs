using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>Writes tokens (RFC 7519), genuine and otherwise, with nothing of the program under test.</summary>
internal static class Jwt
{
    public const string Hs256 = """{"alg":"HS256","typ":"JWT"}""";

    /// <summary>A token that names a buyer.</summary>
    public static string ForBuyer(string buyer) => Sign(Payload(buyer));

    /// <summary>A token that names an operator.</summary>
    public static string ForOperator() =>
        Sign(Payload("the-operator", new JsonObject { ["role"] = "operator" }));

    /// <summary>The claims of a token that is good for an hour.</summary>
    /// <param name="subject">Whom it names; nobody where null.</param>
    /// <param name="more">Claims beside, which win.</param>
    public static JsonObject Payload(string? subject, JsonObject? more = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = new JsonObject { ["iat"] = now, ["exp"] = now + 3_600 };
        if (subject is not null)
        {
            payload["sub"] = subject;
        }

        foreach (var (name, value) in more ?? [])
        {
            payload[name] = value?.DeepClone();
        }

        return payload;
    }

    /// <summary>
    /// A token of these claims, signed with the key of the server under test unless another is given.
    /// </summary>
    public static string Sign(JsonNode payload, string? key = null, string header = Hs256) =>
        SignText(payload.ToJsonString(), key, header);

    /// <summary>A token of any text at all, signed with HMAC-SHA256 whatever its header says.</summary>
    public static string SignText(string payload, string? key = null, string header = Hs256)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key ?? Keys.Signing), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(hash)}";
    }

    /// <summary>A token without a signature.</summary>
    public static string Unsigned(JsonNode payload, string header) =>
        $"{Encode(header)}.{Encode(payload.ToJsonString())}.";

    /// <summary>The claims that a token carries.</summary>
    public static JsonElement Read(string token) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[1]));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
