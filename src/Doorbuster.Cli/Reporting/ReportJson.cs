using System.Text.Json;
using System.Text.Json.Serialization;

namespace Doorbuster.Cli.Reporting;

/// <summary>The JSON that scripts read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<JsonElement>>))]
internal sealed partial class ReportJson : JsonSerializerContext;
