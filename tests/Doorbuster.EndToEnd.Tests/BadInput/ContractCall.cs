using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Contract;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>A parameter of a call, as the contract has it.</summary>
internal sealed record ContractParameter(string Name, string In, bool IsRequired, JsonElement Schema);

/// <summary>A call as the contract has it: what a generator must know to make a good request, and a bad one.</summary>
internal sealed class ContractCall
{
    private static readonly string[] Safe = ["GET", "HEAD"];

    private ContractCall(
        ApiDocument document, string method, string template, JsonElement item, JsonElement operation)
    {
        Method = method;
        Template = template;
        Name = operation.GetProperty("operationId").GetString()!;
        Methods = [.. item.EnumerateObject().Select(one => one.Name.ToUpperInvariant())];
        Parameters = [.. Parts(item).Concat(Parts(operation)).Select(part => Parameter(document, part))];
        IsOperators = operation.TryGetProperty("description", out var text)
            && text.GetString()!.StartsWith("The operator's.", StringComparison.Ordinal);
        Schemes = [.. operation.GetProperty("security").EnumerateArray()
            .Select(way => way.EnumerateObject().Select(scheme => scheme.Name).FirstOrDefault(""))];
        if (operation.TryGetProperty("requestBody", out var body))
        {
            var media = body.GetProperty("content").EnumerateObject().First();
            NeedsBody = body.GetProperty("required").GetBoolean();
            MediaType = media.Name;
            Body = document.Follow(media.Value.GetProperty("schema"));
        }
    }

    /// <summary>Every call of the contract that is checked in, and served.</summary>
    public static IReadOnlyList<ContractCall> All { get; } =
    [
        .. from call in ApiDocument.CheckedIn.Operations
           where !DocumentTests.Announced.Contains($"{call.Method} {call.Path}")
           select new ContractCall(ApiDocument.CheckedIn, call.Method, call.Path, call.Item, call.Operation),
    ];

    public string Name { get; }

    public string Method { get; }

    public string Template { get; }

    /// <summary>The methods that its address knows.</summary>
    public IReadOnlyList<string> Methods { get; }

    public IReadOnlyList<ContractParameter> Parameters { get; }

    /// <summary>The schema of its body; null where it has none.</summary>
    public JsonElement? Body { get; }

    public bool NeedsBody { get; }

    public string MediaType { get; } = "";

    /// <summary>Whether it is the operator's alone.</summary>
    public bool IsOperators { get; }

    /// <summary>The ways to say who calls; an empty one where nobody need.</summary>
    public IReadOnlyList<string> Schemes { get; }

    /// <summary>Whether it changes nothing, however often it is made.</summary>
    public bool IsSafe => Safe.Contains(Method);

    /// <summary>Whether only a bearer token says who calls.</summary>
    public bool NeedsBearer => Schemes is ["bearer"];

    /// <summary>Whether a bearer token is looked at where one is sent.</summary>
    public bool ReadsBearer => Schemes.Contains("bearer") && !TakesPurchaseToken;

    /// <summary>Whether a claim's token says who calls, and no other will do.</summary>
    public bool TakesPurchaseToken => Schemes is ["purchaseToken", ..];

    /// <summary>Whether a purchase token is looked at where one is sent.</summary>
    public bool ReadsPurchaseToken => Schemes.Contains("purchaseToken");

    public bool IsSigned => Schemes is ["webhookSignature"];

    /// <summary>Whether its address names an order.</summary>
    public bool NamesOrder => Template.StartsWith("/v1/orders/{id}", StringComparison.Ordinal);

    /// <summary>Whether its address names a sale.</summary>
    public bool NamesSale => Template.StartsWith("/v1/sales/{id}", StringComparison.Ordinal);

    public IEnumerable<ContractParameter> Query => Parameters.Where(parameter => parameter.In == "query");

    public bool HasHeader(string name) =>
        Parameters.Any(parameter => parameter.In == "header" && parameter.Name == name);

    private static IEnumerable<JsonElement> Parts(JsonElement of) =>
        of.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [];

    private static ContractParameter Parameter(ApiDocument document, JsonElement part)
    {
        var parameter = document.Follow(part);
        return new ContractParameter(
            parameter.GetProperty("name").GetString()!,
            parameter.GetProperty("in").GetString()!,
            parameter.GetProperty("required").GetBoolean(),
            parameter.GetProperty("schema"));
    }
}
