using System.Net;
using System.Text;
using System.Text.Json;

namespace Doorbuster.Cli.Api;

/// <summary>Says why the server refused an operator's call, and what to do about it.</summary>
internal static class ApiRefusal
{
    /// <summary>The failure to end the verb with.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">Its body, which should be a problem (RFC 9457).</param>
    public static CommandException From(HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        var advice = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? " This call is an operator's: give --data DIR, the server's data directory, to use its key, or a token "
                + "from 'doorbuster token --operator' with --token."
            : "";
        return CommandException.Failed($"The server refused ({(int)status}): {Describe(body)}{advice}");
    }

    private static string Describe(ReadOnlySpan<byte> body)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(body, ApiJson.Default.JsonElement);
            var text = new StringBuilder(Text(problem, "title") ?? "no reason given.");
            if (Text(problem, "detail") is { } detail)
            {
                text.Append(' ').Append(detail);
            }

            foreach (var error in Errors(problem))
            {
                text.AppendLine().Append($"  {Text(error, "pointer")}: {Text(error, "detail")}");
            }

            return text.ToString();
        }
        catch (JsonException)
        {
            return "no reason given.";
        }
    }

    private static JsonElement.ArrayEnumerator Errors(JsonElement problem) =>
        problem.ValueKind == JsonValueKind.Object
        && problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
            ? errors.EnumerateArray()
            : default;

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
