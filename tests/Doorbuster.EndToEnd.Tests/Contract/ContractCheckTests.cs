using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Contract;

/// <summary>What every call of these tests is held to finds what is not as the document says.</summary>
public sealed class ContractCheckTests
{
    private const string Token = """{"token":"t","expiresAt":"2026-01-31T08:15:30.250Z"}""";
    private const string Busy = """{"type":"https://doorbuster.dev/problems/busy","title":"Busy.","status":503}""";
    private const string Path = "/v1/sales/lamp/purchase-tokens";

    [Theory]
    [InlineData(201, "application/json", Token)]
    [InlineData(503, "application/problem+json", Busy, "Retry-After: 1")]
    [InlineData(201, "application/json", Token, "Date: today", "Access-Control-Allow-Origin: a", "Cache-Control: b")]
    public void What_the_document_says_is_right(int status, string type, string body, params string[] headers) =>
        Assert.Empty(Violations(HttpMethod.Post, status, type, body, headers));

    [Theory]
    [InlineData("the content type is text/plain", 201, "text/plain", Token)]
    [InlineData("#/extra is in no schema", 201, "application/json", """{"token":"t","extra":1}""")]
    [InlineData("# lacks expiresAt", 201, "application/json", """{"token":"t"}""")]
    [InlineData("#/token is no", 201, "application/json", """{"token":1,"expiresAt":"2026-01-31T08:15:30Z"}""")]
    [InlineData("#/expiresAt is no date-time", 201, "application/json", """{"token":"t","expiresAt":"soon"}""")]
    [InlineData("Retry-After is missing", 503, "application/problem+json", Busy)]
    [InlineData("Retry-After # is no", 503, "application/problem+json", Busy, "Retry-After: soon")]
    [InlineData("the header Server-Timing is not described", 201, "application/json", Token, "Server-Timing: a")]
    public void What_it_does_not_say_is_found(
        string wrong, int status, string type, string body, params string[] headers)
    {
        var found = Violations(HttpMethod.Post, status, type, body, headers);

        Assert.Contains(found, violation => violation.Contains(wrong, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sold-out", 503)]
    [InlineData("busy", 409)]
    public void A_problem_of_another_call_or_status_is_found(string name, int status)
    {
        var body = $$"""{"type":"https://doorbuster.dev/problems/{{name}}","title":"a","status":{{status}}}""";

        Assert.NotEmpty(Violations(HttpMethod.Post, 503, "application/problem+json", body, ["Retry-After: 1"]));
    }

    [Fact]
    public void A_call_that_is_served_and_not_described_is_found() =>
        Assert.NotEmpty(Violations(HttpMethod.Put, 200, "application/json", Token));

    [Fact]
    public void A_body_that_is_accepted_and_not_described_is_found()
    {
        var call = new Call(HttpMethod.Post, "/v1/sales") { Body = """{"titel":"a"}""" };
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" };

        var answer = new Answer("", 201, headers, "{}");
        var found = ContractCheck.Violations(ApiDocument.CheckedIn, call, call.Path, answer);

        Assert.Contains("the request's #/titel is in no schema", found);
    }

    [Theory]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", "null", true)]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", "1", false)]
    [InlineData("""{"oneOf":[{"type":"string"},{"pattern":"a"}]}""", "\"a\"", false)]
    [InlineData("""{"enum":["a","b"]}""", "\"b\"", true)]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", false)]
    [InlineData("""{"const":1}""", "2", false)]
    [InlineData("""{"type":["integer","null"],"minimum":1,"maximum":2}""", "2", true)]
    [InlineData("""{"type":"integer","minimum":1}""", "0", false)]
    [InlineData("""{"maximum":2}""", "3", false)]
    [InlineData("""{"type":"integer"}""", "1.5", false)]
    [InlineData("""{"type":"string","minLength":1,"maxLength":2}""", "\"\"", false)]
    [InlineData("""{"maxLength":2}""", "\"abc\"", false)]
    [InlineData("""{"type":"array","minItems":1,"items":{"type":"boolean"}}""", "[true]", true)]
    [InlineData("""{"type":"array","items":{"type":"boolean"}}""", "[1]", false)]
    [InlineData("""{"minItems":1}""", "[]", false)]
    [InlineData("""{"format":"uri"}""", "\"here\"", false)]
    [InlineData("""{"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}}}""", """{"a":"","b":1}""", true)]
    [InlineData("""{"allOf":[{"properties":{"a":{}}}]}""", """{"c":1}""", false)]
    [InlineData("""{"type":"object","additionalProperties":true}""", """{"c":1}""", true)]
    public void Each_keyword_can_say_yes_and_no(string schema, string value, bool fits)
    {
        var check = new SchemaCheck(_ => throw new NotSupportedException());

        var found = check.Violations(Parse(schema), Parse(value));

        Assert.Equal(fits, found.Count == 0);
    }

    [Fact]
    public void A_keyword_that_would_go_unheard_is_refused() => Assert.Throws<NotSupportedException>(
        () => new SchemaCheck(_ => default).Violations(Parse("""{"uniqueItems":true}"""), Parse("[]")));

    private static List<string> Violations(
        HttpMethod method, int status, string type, string body, params string[] headers)
    {
        var all = headers.Append($"Content-Type: {type}").Select(header => header.Split(": "))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var answer = new Answer("a call", status, all, body);
        return [.. ContractCheck.Violations(ApiDocument.CheckedIn, new Call(method, Path), Path, answer)];
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
