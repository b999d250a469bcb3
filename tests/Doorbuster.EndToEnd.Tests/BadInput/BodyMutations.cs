using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// Bodies that their schema forbids: wherever the contract has a field, it is left out, doubled, or made something that
/// its schema does not take.
/// </summary>
internal static class BodyMutations
{
    private static readonly string[] NoObjects =
        ["[]", "[{}]", "1", "-0.5", "\"{}\"", "null", "true", "\"\\ud83d\\ude00\""];

    private static readonly string[] Ends = ["}", "]", ",", "x", "\0", "{}", "//", "\u00a0", "null"];

    private static readonly string[] Starts = ["x", "]", ":", "'", "\u0001", ",", "\ufeff\ufeff", "<?xml?>", "NaN"];

    private static readonly byte[][] NoUtf8 =
        [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]];

    private static readonly (string Name, string Value)[] Meanings =
    [
        ("closesAt", "2000-01-01T00:00:00Z"), ("closesAt", "2026-02-30T00:00:00Z"), ("opensAt", "2026-01-01T00:00:00"),
        ("opensAt", "2026-13-01T00:00:00Z"), ("opensAt", "2026-01-01"), ("opensAt", "0000-00-00T00:00:00Z"),
        ("paymentWindow", "PT0S"), ("paymentWindow", "PT25H"), ("paymentWindow", "P99999D"),
        ("imageUrl", "javascript:alert(1)"), ("imageUrl", "//x"), ("title", "   "), ("title", "a\u0000b"),
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("wrong value", Part.Body, [400, 422], HasFields, (draft, draws) =>
        {
            var field = draws.Pick(BodyField.Of(draft.Call));
            field.Write(draft, draws.Pick(field.WrongValues));
        }),
        new("field missing", Part.Body, [422], call => BodyField.Of(call).Any(field => field.IsRequired),
            (draft, draws) => draws.Pick([.. BodyField.Of(draft.Call).Where(field => field.IsRequired)]).Remove(draft)),
        new("unknown field", Part.Body, [422], HasBody, (draft, draws) =>
        {
            var body = Read(draft);
            var objects = body.Select(field => field.Value).OfType<JsonObject>().Append(body).ToList();
            var name = draws.Pick("x", "Quantity", "__proto__", "buyerId", "ä", "", "a/b~c") + draws.Letters(3);
            draws.Pick(objects)[name] = draws.Pick<JsonNode?>(1, "x", null, new JsonArray(1), new JsonObject());
            Write(draft, body);
        }),
        new("field twice", Part.Body, [422], call => BodyField.Of(call).Any(field => !field.IsNested), (draft, draws) =>
        {
            var text = Encoding.UTF8.GetString(draft.Body!);
            var (name, value) = draws.Pick([.. Read(draft)]);
            var spelled = draws.Next(2) == 0 ? name : $"\\u{(int)name[0]:x4}{name[1..]}";
            draft.Body = Encoding.UTF8.GetBytes($"{{\"{spelled}\":{value?.ToJsonString() ?? "null"},{text[1..]}");
        }),
        new("huge text", Part.Body, [413, 422], HasText, (draft, draws) =>
        {
            var field = draws.Pick([.. BodyField.Of(draft.Call).Where(field => field.IsText)]);
            field.Write(draft, $"\"{new string(draws.Pick('a', '-', '0'), draws.Next(5_000, 40_000))}\"");
        }),
        new("half a surrogate pair", Part.Body, [400, 422], HasBody, (draft, draws) =>
        {
            var half = draws.Pick("\\ud800", "\\udfff", "a\\udbff", "\\ude00\\ud83d", "\\ud800\\u0041");
            var texts = BodyField.Of(draft.Call).Where(field => field.IsText).ToList();
            if (texts.Count > 0 && draws.Next(2) == 0)
            {
                draws.Pick(texts).Write(draft, $"\"{half}\"");
            }
            else
            {
                draft.Body = Encoding.ASCII.GetBytes($$"""{"{{half}}":1}""");
            }
        }),
        new("no UTF-8", Part.Body, [400], HasBody, (draft, draws) =>
        {
            var text = Encoding.UTF8.GetBytes($$"""{"{{draws.Letters(3)}}":"?"}""");
            draft.Body = [.. text[..^2], .. draws.Pick(NoUtf8), .. text[^2..]];
        }),
        new("deep nesting", Part.Body, [400, 413], HasBody, (draft, draws) =>
        {
            var depth = draws.Next(65, 6_000);
            draft.Body = Encoding.ASCII.GetBytes(draws.Next(3) switch
            {
                0 => new string('[', depth) + new string(']', depth),
                1 => new string('[', depth),
                _ => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth),
            });
        }),
        new("no object", Part.Body, [422], HasBody, (draft, draws) =>
            draft.Body = Encoding.UTF8.GetBytes(draws.Pick(NoObjects))),
        new("no JSON", Part.Body, [400], HasBody, (draft, draws) => draft.Body = draws.Next(4) switch
        {
            0 => draft.Body![..draws.Next(1, Math.Max(2, draft.Body!.Length))],
            1 => [.. draft.Body!, .. Encoding.UTF8.GetBytes(draws.Pick(Ends))],
            2 => [.. Encoding.UTF8.GetBytes(draws.Pick(Starts)), .. draft.Body!],
            _ => [(byte)draws.Next(128, 256), .. draws.Bytes(draws.Next(1, 2_000))],
        }),
        new("huge body", Part.Body, [413], HasBody, (draft, draws) =>
            draft.Body = [.. draft.Body!, .. Enumerable.Repeat((byte)' ', draws.Next(16 * 1024, 48 * 1024))]),
        new("no body", Part.Body, [400, 422], call => call.NeedsBody, (draft, draws) =>
            draft.Body = draws.Next(2) == 0 ? null : []),
        new("wrong meaning", Part.Body, [422], call => call.Name is "createSale" or "changeSale", (draft, draws) =>
        {
            var body = Read(draft);
            var (name, value) = draws.Pick(Meanings);
            body[name] = value;
            Write(draft, body);
        }),
        new("requestId of another quantity", Part.Body, [422], call => call.Name == "replenishSale", (draft, draws) =>
            draft.Body = Encoding.ASCII.GetBytes($$"""{"quantity":{{draws.Next(2, 99)}},"requestId":"once"}""")),
        new("id that is taken", Part.Body, [409], call => call.Name == "createSale", (draft, draws) =>
        {
            var body = Read(draft);
            body["id"] = draws.Pick(BadWorld.Open, BadWorld.Closed, BadWorld.SoldOut);
            Write(draft, body);
        }),
    ];

    private static bool HasBody(ContractCall call) => call.Body is not null;

    private static bool HasFields(ContractCall call) => BodyField.Of(call).Count > 0;

    private static bool HasText(ContractCall call) => BodyField.Of(call).Any(field => field.IsText);

    private static JsonObject Read(Draft draft) => JsonSerializer.Deserialize<JsonObject>(draft.Body)!;

    private static void Write(Draft draft, JsonObject body) => draft.Body = JsonSerializer.SerializeToUtf8Bytes(body);
}
