using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>What the web server refuses before any endpoint has it is told in our words too.</summary>
public sealed class ServerRefusalTests(OpenShop shop)
{
    private static readonly string Long = new('a', 70_000);

    public static TheoryData<string, string, int, string> Refused => new()
    {
        { "no request line", "hello\r\n\r\n", 400, "malformed-request" },
        { "no host", "GET /v1/sales HTTP/1.1\r\n\r\n", 400, "malformed-request" },
        { "another's host", "GET https://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400, "malformed-request" },
        { "a zero in the address", "GET /v1/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request" },
        { "a length below zero", Post("Content-Length: -1"), 400, "malformed-request" },
        { "two lengths", Post("Content-Length: 1\r\nContent-Length: 2"), 400, "malformed-request" },
        { "an unknown coding", Post("Transfer-Encoding: gzip, brotli"), 400, "malformed-request" },
        { "no length in HTTP/1.0", "POST /v1/sales HTTP/1.0\r\nHost: a\r\n\r\n", 400, "malformed-request" },
        { "no address", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method-not-allowed" },
        { "a long address", $"GET /{Long} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "address-too-long" },
        { "a long header", $"GET / HTTP/1.1\r\nHost: a\r\nA: {Long}\r\n\r\n", 431, "headers-too-large" },
        { "many headers", $"GET / HTTP/1.1\r\nHost: a\r\n{Headers(200)}\r\n", 431, "headers-too-large" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_request_that_the_server_refuses_is_answered_with_a_problem(
        string what, string request, int status, string problem)
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);

        await wire.SendAsync(Encoding.ASCII.GetBytes(request));
        var answer = (await wire.ReadAnswerAsync()).IsProblem(status, problem);

        Assert.Equal(("close", "no-store"), (answer.Header("Connection"), answer.Header("Cache-Control")));
        Assert.Equal(status == 405, answer.Header("Allow") is not null);
        Assert.True((await wire.ReadToEndAsync()).Length == 0, $"More came after the answer to {what}.");
    }

    [Fact]
    public async Task A_refusal_does_not_touch_the_answer_before_it()
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);

        await wire.SendAsync("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nhello\r\n\r\n"u8.ToArray());

        (await wire.ReadAnswerAsync()).Is(200);
        (await wire.ReadAnswerAsync()).IsProblem(400, "malformed-request");
    }

    [Fact]
    public async Task A_refused_HEAD_has_a_head_alone()
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);

        await wire.SendAsync("HEAD /v1/sales HTTP/1.1\r\n\r\n"u8.ToArray());
        var answer = await wire.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/sales HTTP/9.9\r\nHost: a\r\n\r\n", "HTTP/1.1 505")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\u0008\u0007")]
    public async Task Another_HTTP_is_refused_as_the_server_has_it(string request, string start)
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);

        await wire.SendAsync(Encoding.ASCII.GetBytes(request));
        var answer = await wire.ReadToEndAsync();

        Assert.StartsWith(start, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("problem", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/sales HTTP/1.1\r\nHost:")]
    [InlineData("GET /v1/sa")]
    public async Task Headers_that_do_not_come_in_time_are_a_problem(string start)
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string> { ["Kestrel:Limits:RequestHeadersTimeout"] = "00:00:01" },
        });
        using var wire = await Wire.ConnectAsync(server.Api.Address);

        await wire.SendAsync(Encoding.ASCII.GetBytes(start));

        (await wire.ReadAnswerAsync()).IsProblem(408, "request-timeout");
    }

    private static string Post(string header) => $"POST /v1/sales HTTP/1.1\r\nHost: a\r\n{header}\r\n\r\n";

    private static string Headers(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(n => $"X-{n}: y\r\n"));
}
