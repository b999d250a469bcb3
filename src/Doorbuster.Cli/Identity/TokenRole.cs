using System.Buffers.Text;
using System.Text.Json;
using Doorbuster.AspNetCore.Identity;

namespace Doorbuster.Cli.Identity;

/// <summary>Reads from a token whom it names, without checking it: the server checks, this only picks the words.
/// </summary>
internal static class TokenRole
{
    /// <summary>Whether the token says that it is an operator's.</summary>
    public static bool IsOperator(string token)
    {
        try
        {
            var parts = token.Split('.');
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts.Length == 3 ? parts[1] : ""));
            return payload.RootElement.TryGetProperty("role", out var role)
                && role.ValueKind == JsonValueKind.String
                && role.ValueEquals(TokenMinter.OperatorRole);
        }
        catch (Exception failure) when (failure is FormatException or JsonException or InvalidOperationException)
        {
            // Not a JSON web token that can be looked into: then the server alone knows what it means.
            return false;
        }
    }
}
