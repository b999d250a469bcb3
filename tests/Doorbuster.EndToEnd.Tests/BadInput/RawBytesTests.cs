using System.Text;
using System.Text.RegularExpressions;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>What comes over a socket and is no request: turned away, and nothing is changed.</summary>
public sealed partial class RawBytesTests(OpenShop shop) : IClassFixture<OpenShop>
{
    private const string Seed = "garbage of 21 November";

    public static TheoryData<string, byte[]> Garbage
    {
        get
        {
            var many = new string('a', 70_000);
            var headers = string.Concat(Enumerable.Range(0, 500).Select(n => $"X-{n}: y\r\n"));
            return new()
            {
                { "nothing", [] },
                { "line breaks", "\r\n\r\n\r\n\r\n"u8.ToArray() },
                { "zeros", new byte[4_096] },
                { "a greeting of TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, .. new byte[500]] },
                { "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray() },
                { "HTTP/0.9", "GET /v1/sales\r\n\r\n"u8.ToArray() },
                { "HTTP/9.9", "GET /v1/sales HTTP/9.9\r\nHost: test\r\n\r\n"u8.ToArray() },
                { "no host", "GET /v1/sales HTTP/1.1\r\n\r\n"u8.ToArray() },
                { "two hosts", Get("Host: a\r\nHost: b") },
                { "no name of a header", Get("Host: test\r\n: value") },
                { "a blank in a name", Get("Host: test\r\nPurchase Token: x") },
                { "a folded header", Get("Host: test\r\nA: b\r\n c") },
                { "a zero in a header", Get("Host: test\r\nA: b\0c") },
                { "a lonely line feed", "GET /v1/sales HTTP/1.1\nHost: test\n\n"u8.ToArray() },
                { "a very long address", Get("Host: test", $"/{many}") },
                { "a very long header", Get($"Host: test\r\nPurchase-Token: {many}") },
                { "very many headers", Get($"Host: test\r\n{headers}A: b") },
                { "a zero in the address", "GET /v1/sales/%00 HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray() },
                { "half an escape", "GET /v1/sales/%2 HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray() },
                { "an address of bytes", [.. "GET /v1/sales/"u8, 0xff, 0xfe, .. " HTTP/1.1\r\nHost: test\r\n\r\n"u8] },
                { "a negative length", Post("Content-Length: -1") },
                { "a length that overflows", Post("Content-Length: 99999999999999999999") },
                { "a length in words", Post("Content-Length: some") },
                { "two lengths", Post("Content-Length: 2\r\nContent-Length: 3") },
                { "a length beside chunks", Post("Content-Length: 2\r\nTransfer-Encoding: chunked") },
                { "chunks of no size", Post("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n") },
                { "chunks beyond all size", Post("Transfer-Encoding: chunked", "fffffffffffffffff\r\n{}\r\n0\r\n") },
                { "an unknown coding", Post("Transfer-Encoding: gzip, brotli") },
                { "a body that never comes", Post("Content-Length: 100", "{\"quan") },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_turned_away(string what, byte[] bytes)
    {
        await shop.NewSaleAsync(new Terms(1));
        var before = await Snapshot.OfAsync(shop.Api);

        await TurnsAwayAsync(what, bytes);

        Assert.Equal(before, await Snapshot.OfAsync(shop.Api));
    }

    [Theory]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("7fffffff0\r\n{}")]
    [InlineData("zz\r\n")]
    public async Task A_chunk_of_no_possible_size_is_malformed_to_a_sender_who_waits(string chunk)
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);
        await wire.SendAsync(Post("Transfer-Encoding: chunked", chunk));

        (await wire.ReadAnswerAsync()).IsProblem(400, "malformed-request");
        Assert.Empty(await wire.ReadToEndAsync());
    }

    [Fact]
    public async Task Random_bytes_are_turned_away()
    {
        await shop.NewSaleAsync(new Terms(1));
        var before = await Snapshot.OfAsync(shop.Api);
        var random = new Random(Seed.Sum(letter => letter));

        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            var start = random.Next(3) switch
            {
                0 => ""u8,
                1 => "POST /v1/sales/a/orders HTTP/1.1\r\nHost: test\r\n"u8,
                _ => "POST /v1/sales/a/orders HTTP/1.1\r\nHost: test\r\nContent-Length: 30\r\n\r\n"u8,
            };
            await TurnsAwayAsync($"number {i}", [.. start, .. bytes]);
        }

        Assert.Equal(before, await Snapshot.OfAsync(shop.Api));
    }

    /// <summary>
    /// Sends bytes and nothing after them; every answer that comes is the client's fault or harmless.
    /// </summary>
    private async Task TurnsAwayAsync(string what, byte[] bytes)
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);
        try
        {
            await wire.SendAsync(bytes);
            wire.EndSending();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server may close as soon as it has seen enough.
        }

        var text = await wire.ReadToEndAsync();
        var statuses = StatusLine().Matches(text).Select(line => int.Parse(line.Groups[1].Value)).ToList();
        Assert.True(statuses.TrueForAll(status => status is 200 or (>= 400 and < 500) or 505), $"{what}: {text}");
        Assert.True(
            statuses.Count(status => status is >= 400 and < 500) == ProblemType().Count(text), $"{what}: {text}");
    }

    private static byte[] Get(string headers, string path = "/v1/sales") =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{headers}\r\n\r\n");

    private static byte[] Post(string header, string body = "{}") =>
        Encoding.ASCII.GetBytes(
            $"POST /v1/sales HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {Jwt.ForOperator()}\r\n{header}\r\n\r\n{body}");

    [GeneratedRegex("HTTP/1\\.1 ([0-9]{3}) ")]
    private static partial Regex StatusLine();

    [GeneratedRegex("^Content-Type: application/problem\\+json\r$", RegexOptions.Multiline)]
    private static partial Regex ProblemType();
}
