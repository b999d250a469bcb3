using System.Globalization;
using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Contract;

/// <summary>
/// Holds an answer to the document: its status, its headers, its body, and the body of a request that was accepted.
/// Every call that a test makes goes through it, so whatever the suite sees, the document says.
/// </summary>
internal static class ContractCheck
{
    // Every answer may have them, and they mean what HTTP says.
    private static readonly HashSet<string> OfHttp = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Server", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Content-Type", "Vary",
    };

    /// <summary>Fails where the answer, or what was asked and accepted, is not as the document says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">Its address below the prefix of the server's program.</param>
    /// <param name="answer">The answer.</param>
    public static void Hold(Call call, string path, Answer answer)
    {
        var wrong = Violations(ApiDocument.CheckedIn, call, path, answer).ToList();
        Assert.True(wrong.Count == 0, $"{ApiDocument.Path} says otherwise: {string.Join("; ", wrong)}. {answer}");
    }

    /// <summary>What is not as the document says.</summary>
    public static IEnumerable<string> Violations(ApiDocument document, Call call, string path, Answer answer)
    {
        if (document.FindPath(path) is not { } resource || answer.Status == 405 || call.Method == HttpMethod.Options)
        {
            return [];
        }

        var isHead = call.Method == HttpMethod.Head;
        var method = isHead ? "get" : call.Method.Method.ToLowerInvariant();
        if (!resource.TryGetProperty(method, out var operation))
        {
            return [$"there is no call {call.Method} {path}"];
        }

        var responses = operation.GetProperty("responses");
        var status = answer.Status.ToString(CultureInfo.InvariantCulture);
        if (!responses.TryGetProperty(status, out var response) && !responses.TryGetProperty("default", out response))
        {
            return [$"{status} is no answer to {call.Method} {path}"];
        }

        response = document.Follow(response);
        return
        [
            .. OfHeaders(document, response, answer),
            .. isHead ? [] : OfBody(document, response, answer),
            .. answer.Status is >= 200 and < 300 ? OfRequest(document, operation, call) : [],
        ];
    }

    private static IEnumerable<string> OfHeaders(ApiDocument document, JsonElement response, Answer answer)
    {
        var described = response.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().ToDictionary(
                header => header.Name, header => document.Follow(header.Value), StringComparer.OrdinalIgnoreCase)
            : [];
        foreach (var (name, header) in described)
        {
            var isRequired = header.TryGetProperty("required", out var required) && required.GetBoolean();
            if (answer.Header(name) is { } text)
            {
                var schema = header.GetProperty("schema");
                foreach (var violation in document.Schemas.Violations(schema, ValueOf(schema, text)))
                {
                    yield return $"{name} {violation}";
                }
            }
            else if (isRequired)
            {
                yield return $"{name} is missing";
            }
        }

        foreach (var name in answer.Headers.Keys.Where(name => !described.ContainsKey(name) && !IsOfHttp(name)))
        {
            yield return $"the header {name} is not described";
        }
    }

    private static IEnumerable<string> OfBody(ApiDocument document, JsonElement response, Answer answer)
    {
        if (!response.TryGetProperty("content", out var content))
        {
            return answer.Body.Length == 0 ? [] : ["there is a body"];
        }

        var type = answer.Header("Content-Type")?.Split(';')[0] ?? "none";
        return !content.TryGetProperty(type, out var media) ? [$"the content type is {type}"]
            : type.EndsWith("json", StringComparison.Ordinal)
                ? document.Schemas.Violations(media.GetProperty("schema"), answer.Json)
                : [];
    }

    private static IEnumerable<string> OfRequest(ApiDocument document, JsonElement operation, Call call)
    {
        if (call.Body is not { Length: > 0 } body)
        {
            return [];
        }

        if (!operation.TryGetProperty("requestBody", out var described))
        {
            return ["a body was sent, and read or not"];
        }

        var type = call.ContentType?.Split(';')[0].ToLowerInvariant() ?? "none";
        return described.GetProperty("content").TryGetProperty(type, out var media)
            ? document.Schemas.Violations(
                media.GetProperty("schema"), JsonSerializer.Deserialize<JsonElement>(body))
                .Select(violation => $"the request's {violation}")
            : [$"a body of type {type} was accepted"];
    }

    private static bool IsOfHttp(string name) =>
        OfHttp.Contains(name) || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase);

    private static JsonElement ValueOf(JsonElement schema, string text) =>
        schema.TryGetProperty("type", out var type) && type.GetString() == "integer"
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? JsonSerializer.SerializeToElement(number)
            : JsonSerializer.SerializeToElement(text);
}
