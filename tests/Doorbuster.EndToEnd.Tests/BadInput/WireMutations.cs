using System.Text;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>Requests that are no HTTP, or end before they should.</summary>
internal static class WireMutations
{
    private static readonly string[] Lengths =
    [
        "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: some\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n", "Content-Length: 1, 1\r\n", "Content-Length: 0x10\r\n",
        "Transfer-Encoding: gzip, brotli\r\n",
    ];

    private static readonly string[] Chunks =
    [
        "zz\r\n{}\r\n0\r\n\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n", "2\r\n{}",
        "2\r\n{}\r\n",
        "2\r\n{}xx\r\n0\r\n\r\n", "2\n{}\n0\n\n", "9\r\n{}\r\n0\r\n\r\n", "\r\n\r\n", "2;\0\r\n{}\r\n0\r\nA\r\n\r\n",
        "7fffffff\r\n{}", "0\r\n",
    ];

    private static readonly string[] Heads =
    [
        ": value\r\n", "Purchase Token: x\r\n", " folded: x\r\n", "A: b\r\n c\r\n", "A: b\0c\r\n", "A\0: b\r\n",
        "A b\r\n",
        "A: b\rc\r\n", "Host: other\r\n", "A : b\r\n",
    ];

    private static readonly string[] Versions = ["HTTP/1.2", "HTTP/9.9", "HTTP/2.0"];

    private static readonly string[] NoVersions =
        ["HTTP/1.", "http/1.1", "HTTP/11", "HTTPS/1.1", "", "x", "HTTP/1.1 x"];

    private static readonly string[] BadTargets =
    [
        "", "x", "v1/sales", "/v1/sales /x", "/v1/\0", "/v1/%", "/v1/%2", "/v1/\u00e4", "http://[/", "*", "/v1\\sales",
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("chunked body", Part.Wire, [], call => call.Body is not null, (draft, draws) =>
        {
            draft.Body ??= [];
            draft.Chunk(draws.Next(1, 300));
        }),
        new("body cut off", Part.Wire, [400], call => call.Body is not null, (draft, draws) =>
        {
            var more = draws.Pick(1, 7, 100, 16_000);
            draft.Length = $"Content-Length: {(draft.Body?.Length ?? 0) + more}\r\n";
            draft.Sent = draws.Next(3) == 0 ? [] : null;
            draft.Body ??= [];
            draft.EndsSending = true;
        }),
        new("bad chunks", Part.Wire, [400, 413], call => call.Body is not null, (draft, draws) =>
        {
            draft.Body ??= [];
            draft.Length = "Transfer-Encoding: chunked\r\n";
            draft.Sent = draws.Next(4) == 0
                ? draws.Bytes(draws.Next(1, 500))
                : Encoding.ASCII.GetBytes(draws.Pick(Chunks));
            draft.EndsSending = true;
        }),
        new("bad length", Part.Wire, [400, 411], _ => true, (draft, draws) =>
        {
            draft.Body ??= [];
            draft.Length = draws.Pick(Lengths);
            draft.EndsSending = true;
        }),
        new("bad head", Part.Wire, [400], _ => true, (draft, draws) =>
        {
            draft.RawLines = draws.Pick(Heads);
            draft.IsLast = true;
        }),
        new("no host", Part.Wire, [400], _ => true, (draft, draws) =>
        {
            draft.Host = draws.Pick("", "Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: [::1\r\n", "Host: a/b\r\n");
            draft.IsLast = true;
        }),
        new("too many headers", Part.Wire, [431], _ => true, (draft, draws) =>
        {
            draft.RawLines = draws.Next(2) == 0
                ? string.Concat(Enumerable.Range(0, 120).Select(n => $"X-{n}: y\r\n"))
                : $"X: {draws.Letters(40_000)}\r\n";
            draft.IsTooMuch = true;
        }),
        new("address too long", Part.Wire, [414], _ => true, (draft, draws) =>
        {
            draft.Path = $"{draft.Path}/{draws.Letters(9_000)}";
            draft.IsTooMuch = true;
        }),
        new("address that is none", Part.Wire, [400, 404, 405], _ => true, (draft, draws) =>
        {
            draft.Path = draws.Pick(BadTargets);
            draft.IsLast = true;
        }),
        new("another HTTP", Part.Wire, [505], _ => true, (draft, draws) =>
        {
            draft.Version = draws.Pick(Versions);
            draft.IsLast = true;
        }),
        new("no HTTP", Part.Wire, [400, 505], _ => true, (draft, draws) =>
        {
            draft.Version = draws.Pick(NoVersions);
            draft.IsLast = true;
        }),
        new("lonely line feeds", Part.Wire, [], _ => true, (draft, _) =>
        {
            draft.LineEnd = "\n";
            draft.IsLast = true;
        }),
    ];
}
