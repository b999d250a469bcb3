using System.Text.Json;
using System.Text.Json.Serialization;

namespace Doorbuster.Cli.Load;

/// <summary>The JSON that the crowd reads.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ObservedSale))]
[JsonSerializable(typeof(GrantedToken))]
[JsonSerializable(typeof(GrantedOrder))]
[JsonSerializable(typeof(OpenedPayment))]
[JsonSerializable(typeof(FeedPage))]
internal sealed partial class LoadJson : JsonSerializerContext;

/// <summary>What <c>POST /v1/guests</c> and <c>POST …/purchase-tokens</c> answer.</summary>
/// <param name="Token">A JWT, or a purchase token.</param>
/// <param name="ExpiresAt">When a purchase token ends.</param>
internal sealed record GrantedToken(string Token, DateTimeOffset? ExpiresAt = null);

/// <summary>What a claim answers that became an order, of which the crowd needs the name.</summary>
/// <param name="Id">The order's id.</param>
internal sealed record GrantedOrder(string Id);

/// <summary>What <c>POST /v1/orders/{id}/payments</c> answers.</summary>
/// <param name="CheckoutUrl">Where the buyer pays.</param>
internal sealed record OpenedPayment(Uri CheckoutUrl);
