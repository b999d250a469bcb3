namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>Headers that say what nobody can do, and bodies of a kind that nobody reads.</summary>
internal static class HeaderMutations
{
    private const string IfMatch = "If-Match";
    private const string Key = "Idempotency-Key";

    private static readonly string[] Types =
    [
        "text/plain", "application/xml", "application/json; charset=utf-7", "application/json;charset=iso-8859-1",
        "multipart/form-data; boundary=x", "*/*", "json", "application/jsonx", "application/x-www-form-urlencoded",
        "application/problem+json", "\"application/json\"", "application/json, text/plain", "ключ",
    ];

    private static readonly string[] Preferences =
    [
        "wait=-1", "wait=11", "wait=99999999999999999999", "wait", "wait=", "wait=NaN", "wait=1, wait=2", ";;;", ",",
        "respond-async", "wait=\"5", "ключ=1", new('w', 3_000),
    ];

    private static readonly (string Name, string Value)[] Strange =
    [
        ("Accept", "image/png;q=2, x"), ("Accept-Encoding", "gzip;q=0, *;q=0"), ("Accept-Charset", "utf-7"),
        ("Range", "bytes=5-1"), ("If-None-Match", "W/"), ("If-Modified-Since", "yesterday"), ("Cookie", "a=b; =;;"),
        ("X-Forwarded-For", "256.256.256.256"), ("X-HTTP-Method-Override", "DELETE"), ("Forwarded", "for=\"_x\""),
        ("Upgrade", "h2c"), ("Connection", "keep-alive, Upgrade"), ("TE", "gzip"), ("Trailer", "Content-Length"),
        ("Content-Encoding", "gzip"), ("Date", "never"), ("Max-Forwards", "-1"), ("Origin", "null"),
        ("Access-Control-Request-Method", "BREW"), ("Sec-WebSocket-Key", "x"), ("traceparent", "00-zz-zz-zz"),
        ("tracestate", "a=b,,"), ("baggage", "%zz"), ("User-Agent", "ключ"), ("Via", "1.1 \"x"),
    ];

    private static readonly (string Name, string Value)[] Handshake =
    [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("no If-Match", Part.Header, [428], call => call.HasHeader(IfMatch), (draft, _) => draft.SetHeader(IfMatch)),
        new("bad If-Match", Part.Header, [412], call => call.HasHeader(IfMatch), (draft, draws) =>
            draft.SetHeader(IfMatch, draws.Pick(
                "", "\"1-0\"", "\"999999-1\"", "W/\"2-1\"", "2", "\"2", "\"-2-1\"", "\"99999999999999999999-1\"",
                "\"NaN\"", ",,,", "\"2.0-1\"", "ключ", new string('"', 2_000), "\"1-0\", \"3-0\""))),
        new("bad Idempotency-Key", Part.Header, [422], call => call.HasHeader(Key), (draft, draws) =>
            draft.SetHeader(Key, draws.Pick<string[]>(
                [""], ["a b"], ["\t"], ["ключ"], [new string('k', 65)], [draws.Letters(9_000)], ["\"a"], ["\"\""],
                ["a\u007f"], ["one", "two"], ["\"a b\""]))),
        new("Idempotency-Key of another quantity", Part.Header, [422], call => call.HasHeader(Key), (draft, draws) =>
        {
            draft.SetHeader(Key, draws.Pick("mine", "\"mine\"", "cancelled", "paid"));
            draft.Body = System.Text.Encoding.ASCII.GetBytes($$"""{"quantity":{{draws.Next(2, 90)}}}""");
        }),
        new("bad Prefer", Part.Header, [], _ => true, (draft, draws) =>
            draft.SetHeader("Prefer", draws.Pick(Preferences))),
        new("strange header", Part.Header, [], _ => true, (draft, draws) =>
        {
            var (name, value) = draws.Pick(Strange);
            draft.SetHeader(name, value);
        }),
        new("bad handshake", Part.Header, [400, 403, 426], IsWatched, (draft, draws) => Shake(draft, draws)),
        new("wrong content type", Part.ContentType, [415], call => call.Body is not null, (draft, draws) =>
            draft.ContentType = draws.Next(8) == 0 ? null : draws.Pick(Types)),
    ];

    private static bool IsWatched(ContractCall call) => call.Query.Any(parameter => parameter.Name == "purchaseToken");

    /// <summary>A handshake of RFC 6455 that lacks something, or says it wrongly.</summary>
    private static void Shake(Draft draft, Draws draws)
    {
        draft.SetHeader("Accept");
        foreach (var (name, value) in Handshake)
        {
            draft.SetHeader(name, value);
        }

        switch (draws.Next(6))
        {
            case 0:
                draft.SetHeader("Sec-WebSocket-Version", draws.Pick("8", "", "-1", "14"));
                break;
            case 1:
                draft.SetHeader("Sec-WebSocket-Key", draws.Pick("", "x", "ключ", draws.Letters(24), "AAAA"));
                break;
            case 2:
                draft.SetHeader("Sec-WebSocket-Key");
                break;
            case 3:
                draft.SetHeader("Upgrade", draws.Pick("", "h2c", "web socket"));
                break;
            case 4:
                draft.SetHeader("Connection", draws.Pick("keep-alive", "Upgrades"));
                break;
            default:
                draft.SetHeader("Origin", draws.Pick("https://evil.example", "null", "ключ", "http://test:1", "x"));
                break;
        }
    }
}
