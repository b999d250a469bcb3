using System.Text.Json;
using System.Text.Json.Serialization;

namespace Doorbuster.Cli.Load;

/// <summary>The JSON that the crowd reads.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ObservedSale))]
[JsonSerializable(typeof(GrantedToken))]
internal sealed partial class LoadJson : JsonSerializerContext;

/// <summary>What <c>POST /v1/guests</c> and <c>POST …/purchase-tokens</c> answer.</summary>
/// <param name="Token">A JWT, or a purchase token.</param>
/// <param name="ExpiresAt">When a purchase token ends.</param>
internal sealed record GrantedToken(string Token, DateTimeOffset? ExpiresAt = null);
