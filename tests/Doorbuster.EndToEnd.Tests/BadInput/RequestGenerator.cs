using System.Text.Json.Nodes;
using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// Draws requests that must not succeed: each begins as one that could, and then one or several things about it are
/// made wrong. The same seed draws the same requests.
/// </summary>
/// <param name="random">Where everything is drawn from.</param>
/// <param name="sale">An open sale with units left.</param>
/// <param name="buyer">A buyer with a right to buy them.</param>
/// <param name="purchaseToken">That right.</param>
internal sealed class RequestGenerator(Random random, string sale, string buyer, string purchaseToken)
{
    private static readonly string[] WrongNumbers =
    [
        "0", "-1", "1.5", "1e999", "-9223372036854775809", "100000001", "\"1\"", "null", "[]", "{}", "true", "01", "+1",
        ".",
    ];

    private static readonly string[] WrongTypes =
        ["text/plain", "application/xml", "application/json; charset=utf-7", "multipart/form-data", "*/*", "json"];

    private static readonly string[] WrongKeys = ["a b", "\u0007", "ключ", new('k', 65), new('k', 9_000)];

    /// <summary>A wrong claim, a wrong sale, or a wrong question.</summary>
    public Call Next() => random.Next(5) switch
    {
        0 or 1 => WrongClaim(),
        2 or 3 => WrongSale(),
        _ => WrongQuestion(),
    };

    private Call WrongClaim()
    {
        var right = new Draft($"/v1/sales/{sale}/orders", """{"quantity":1}""", "application/json", purchaseToken, "");
        var wrong = random.Next(8) switch
        {
            0 => right with { Body = $$"""{"quantity":{{Pick(WrongNumbers)}}}""" },
            1 => right with { Body = $$"""{"quantity":1,"x-{{Letters(random.Next(40))}}":{{Pick(WrongNumbers)}}}""" },
            2 => right with { Body = Broken(right.Body) },
            3 => right with { Body = new string(' ', random.Next(16 * 1024, 40 * 1024)) + right.Body },
            4 => right with { Type = Pick(WrongTypes) },
            5 => right with { Token = WrongPurchaseToken() },
            6 => right with { Key = Pick(WrongKeys) },
            _ => right with { Path = $"/v1/sales/{WrongId()}/orders" },
        };
        (string, string)[] key = wrong.Key.Length > 0 ? [("Idempotency-Key", wrong.Key)] : [];
        return new Call(HttpMethod.Post, wrong.Path)
        {
            Body = wrong.Body,
            ContentType = wrong.Type,
            Headers = [("Purchase-Token", wrong.Token), .. key],
        };
    }

    private Call WrongSale()
    {
        var terms = new Terms(1) { Id = $"never-{random.Next(1_000_000)}" }.ToJson();
        var text = terms.ToJsonString();
        var right = new Draft("/v1/sales", text, "application/json", Jwt.ForOperator(), "");
        var wrong = random.Next(6) switch
        {
            0 => right with { Body = Spoiled(terms) },
            1 => right with { Body = $$"""{"x-{{Letters(random.Next(40))}}":"{{Letters(5)}}",{{text[1..]}}""" },
            2 => right with { Body = Broken(text) },
            3 => right with { Body = text[..^1] + new string(' ', random.Next(16 * 1024, 40 * 1024)) + "}" },
            4 => right with { Type = Pick(WrongTypes) },
            _ => right with { Token = WrongJwt() },
        };
        return new Call(HttpMethod.Post, wrong.Path)
        {
            Body = wrong.Body,
            ContentType = wrong.Type,
            Token = wrong.Token,
        };
    }

    private Call WrongQuestion()
    {
        var path = random.Next(6) switch
        {
            0 => $"/v1/sales/{WrongId()}",
            1 => $"/v1/sales/{WrongId()}/audit",
            2 => $"/v1/orders/{WrongId()}.{Letters(26).ToUpperInvariant()}",
            3 => $"/v1/orders/{sale}.{Letters(random.Next(40))}",
            4 => $"/v1/orders?saleId={WrongId()}&buyerId={buyer}",
            _ => $"/v1/sales?limit={Pick(["0", "-1", "1e3", "101", "x", "%00", "99999999999"])}&cursor={WrongId()}",
        };
        return new Call(HttpMethod.Get, path) { Token = random.Next(3) == 0 ? WrongJwt() : Jwt.ForOperator() };
    }

    /// <summary>Makes one to three terms something that none of them can be.</summary>
    private string Spoiled(JsonObject terms)
    {
        string[] names = ["id", "title", "quantity", "price", "opensAt", "perBuyerLimit", "requirePurchaseToken"];
        JsonNode?[] values = [-1, 1.5, new JsonArray(1), "", "\u0001", 1e300, new JsonObject { ["amount"] = -1 }];
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            terms[Pick(names)] = Pick(values)?.DeepClone();
        }

        return terms.ToJsonString();
    }

    /// <summary>JSON with its last bracket, and perhaps more, cut off; or with a letter where none can be.</summary>
    private string Broken(string json) =>
        random.Next(3) switch
        {
            0 => json[..random.Next(1, json.Length)],
            1 => json + Pick(["}", "]", ",", "x", "\0", "{}"]),
            _ => Pick(["x", "]", ":", "'", "\u0001"]) + json,
        };

    private string WrongId() =>
        random.Next(4) switch
        {
            0 => Letters(random.Next(65, 400)),
            1 => sale.ToUpperInvariant(),
            2 => Uri.EscapeDataString(Pick(["../x", "a b", "ä", "'; DROP TABLE orders;--", "{{7*7}}", "%"])),
            _ => $"-{sale}",
        };

    private string WrongPurchaseToken()
    {
        // Not the last character: some of its bits may mean nothing.
        var at = random.Next(purchaseToken.Length - 1);
        return random.Next(5) switch
        {
            0 => purchaseToken[..at] + (purchaseToken[at] == 'A' ? 'B' : 'A') + purchaseToken[(at + 1)..],
            1 => purchaseToken[..at],
            2 => PurchaseTokenForge.Expired(sale, buyer),
            3 => PurchaseTokenForge.OfForeignKey(sale, buyer),
            _ => Letters(random.Next(400)),
        };
    }

    private string WrongJwt()
    {
        var operators = Jwt.Payload("eve", new() { ["role"] = "operator" });
        return random.Next(6) switch
        {
            0 => Jwt.Unsigned(operators, """{"alg":"none"}"""),
            1 => Jwt.Sign(operators, Keys.Foreign),
            2 => Jwt.Sign(Jwt.Payload("eve", new() { ["role"] = "operator", ["exp"] = 1_000_000_000 })),
            3 => Jwt.ForBuyer(buyer),
            4 => Jwt.ForOperator()[..^random.Next(2, 40)],
            _ => Letters(random.Next(1, 2_000)),
        };
    }

    private string Letters(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)random.Next('a', 'z')));

    private T Pick<T>(T[] choices) => choices[random.Next(choices.Length)];

    /// <summary>A request before it is sent.</summary>
    private sealed record Draft(string Path, string Body, string Type, string Token, string Key);
}
