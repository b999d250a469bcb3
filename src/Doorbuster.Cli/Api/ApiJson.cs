using System.Text.Json;
using System.Text.Json.Serialization;

namespace Doorbuster.Cli.Api;

/// <summary>The JSON that an operator's calls send and read.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewSale))]
[JsonSerializable(typeof(Replenishment))]
[JsonSerializable(typeof(SaleView))]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext;
