using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Contract;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>Wrong methods, addresses of nothing, and queries that say nothing.</summary>
internal static class AddressMutations
{
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "post", "BREW", "M-SEARCH", new('X', 40)];

    private static readonly string[] BadIds =
    [
        "%2F", "a%2Fb", "..%2F..", "%5C", "%00", "%20", "a%20b", "%C3%A4", "%F0%9F%92%A5", "%22%3E", "%25", "%25zz",
        "-a", "A", "a_b", "'--", "{{7*7}}", "$(id)", ".open", "open.", "open%0A", "%FEa", "%C0%AF", "open;x=1", "*",
    ];

    private static readonly string[] Numbers =
        ["", "0", "-1", "1.5", "1e3", "1001", "99999999999999999999", "NaN", "%00", "0x1", "one", "%2B1", " 1"];

    private static readonly string[] Strange =
    [
        "x=1", "x", "=", "&&&", "x=%", "x=%zz", "x=%00", "%F0%9F%92%A5=1", "limit[]=1", "__proto__=1", "x=%FE%FF",
        "callback=alert",
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("wrong method", Part.Method, [405], _ => true, (draft, draws) =>
            draft.Method = draws.Pick([.. Methods.Where(method => !draft.Call.Methods.Contains(method))])),
        new("HEAD for GET", Part.Method, [], call => call.IsSafe, (draft, _) => draft.Method = "HEAD"),
        new("bad id", Part.Address, [400, 404, 414], HasId, (draft, draws) => draft.Name(draws.Next(4) switch
        {
            0 => draws.Letters(draws.Next(65, 7_000)),
            1 when draft.Call.NamesOrder => $"{BadWorld.Open}.{draws.Letters(draws.Next(60))}%21",
            _ => draws.Pick(BadIds),
        })),
        new("id of nothing", Part.Address, [404], HasId, (draft, draws) => draft.Name(
            draft.Call.NamesOrder ? $"{BadWorld.Open}.{Drawn(draws)}" : $"none-{draws.Letters(8)}")),
        new("id of another's order", Part.Address, [404], call => call.NamesOrder, (draft, draws) =>
            draft.Name(draws.World.Order("foreign"))),
        new("address of nothing", Part.Address, [404, 405], _ => true, (draft, draws) =>
            draft.Path = draws.Pick($"{draft.Path}/{draws.Letters(3)}", $"/v2{draft.Path}", $"/{draft.Path}",
                draft.Path.Replace("/v1/", "/V/"), "/" + draws.Letters(300)) switch
            {
                var path when path == draft.Path => $"{path}/x",
                var path => path,
            }),
        new("wrong state", Part.Address, [409, 412], call => StateOf(call, 0) is not null, (draft, draws) =>
        {
            var state = StateOf(draft.Call, draws.Next(4))!;
            draft.Name(draft.Call.NamesOrder ? draws.World.Order(state) : state);
            if (draft.Call.TakesPurchaseToken)
            {
                draft.SetHeader("Purchase-Token", draws.World.TokenOf(state));
            }
        }),
        new("dots in the address", Part.Address, [], call => call.IsSafe && HasId(call), (draft, draws) =>
            draft.Name(draws.Pick(".", "..", "%2e%2e", "x/../open", "open/.", "./open"))),
        new("bad parameter", Part.Query, [403, 404, 422], call => call.Query.Any(IsTyped), (draft, draws) =>
        {
            var parameter = draws.Pick([.. draft.Call.Query.Where(IsTyped)]);
            var values = Numbers.Append("x y").Append(draws.Letters(200)).Where(value => IsWrong(parameter, value));
            Put(draft, parameter.Name, draws.Pick([.. values]));
        }),
        new("bad cursor", Part.Query, [422], call => call.Query.Any(one => one.Name == "cursor"), (draft, draws) =>
            Put(draft, "cursor", draws.Pick("..%2F", "A%00", "%F0%9F%92%A5", "-", draws.Letters(65), "a b", "A.B"))),
        new("parameter missing", Part.Query, [422], call => call.Query.Any(one => one.IsRequired), (draft, _) =>
            draft.Query.Clear()),
        new("parameter twice", Part.Query, [422], call => call.Query.Any(one => one.Name == "limit"), (draft, draws) =>
            draft.Query.AddRange($"limit={draws.Next(1, 9)}", $"limit={draws.Next(1, 9)}")),
        new("strange query", Part.Query, [], _ => true, (draft, draws) =>
            draft.Query.Add(draws.Next(4) == 0 ? draws.Letters(5_000) : draws.Pick(Strange))),
    ];

    private static bool HasId(ContractCall call) => call.Template.Contains('{');

    /// <summary>A sale or an order of which the call must be refused; null where there is none.</summary>
    private static string? StateOf(ContractCall call, int draw) => call.Name switch
    {
        "claim" => new[] { BadWorld.Paused, BadWorld.Closed, BadWorld.SoldOut, BadWorld.Scheduled }[draw],
        "pauseSale" or "resumeSale" or "replenishSale" or "changeSale" or "takePurchaseToken" => BadWorld.Closed,
        "cancelOrder" => "paid",
        "payOrder" => "cancelled",
        _ => null,
    };

    private static bool IsTyped(ContractParameter parameter) => parameter.Name is not ("cursor" or "purchaseToken");

    private static bool IsWrong(ContractParameter parameter, string text)
    {
        var value = long.TryParse(text, out var number)
            ? JsonSerializer.SerializeToElement(number)
            : JsonSerializer.SerializeToElement(Uri.UnescapeDataString(text));
        var isNumber = parameter.Schema.TryGetProperty("type", out var type) && type.GetString() == "integer";
        return isNumber
            ? text.StartsWith(' ') || ApiDocument.CheckedIn.Schemas.Violations(parameter.Schema, value).Count > 0
            : parameter.Name == "saleId" ? !IsSaleId(text) : text is "%00" or "" || text.Length > 128;
    }

    private static bool IsSaleId(string text) =>
        text.Length is > 0 and <= 64 && text[0] != '-'
            && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static void Put(Draft draft, string name, string value)
    {
        draft.Query.RemoveAll(one => one.StartsWith($"{name}=", StringComparison.Ordinal));
        draft.Query.Add($"{name}={value.Replace(" ", "%20")}");
    }

    private static string Drawn(Draws draws) => string.Concat(
        Enumerable.Range(0, 26).Select(at => draws.Pick("01234567".ToCharArray())));
}
