using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>What the server answered.</summary>
/// <param name="Request">What it was asked, for messages.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">Headers by name, in any case; several values of one name with ", " between.</param>
/// <param name="Body">The body.</param>
internal sealed record Answer(
    string Request, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const string TypeBase = "https://doorbuster.dev/problems/";

    /// <summary>The body as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize<JsonElement>(Body);
            }
            catch (JsonException)
            {
                throw new InvalidOperationException($"The body is no JSON. {this}");
            }
        }
    }

    /// <summary>The name of the problem; null where it is none.</summary>
    public string? Problem =>
        MediaType == "application/problem+json"
        && Json.TryGetProperty("type", out var type)
        && type.GetString() is { } text
        && text.StartsWith(TypeBase, StringComparison.Ordinal)
            ? text[TypeBase.Length..]
            : null;

    private string? MediaType => Header("Content-Type")?.Split(';')[0];

    /// <summary>A header's value; null where it is not there.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>A field of the body, as text.</summary>
    public string Text(string name) => Json.GetProperty(name).GetString()!;

    /// <summary>A field of the body, as a number.</summary>
    public long Number(string name) => Json.GetProperty(name).GetInt64();

    /// <summary>Fails unless the status is this one, and the body JSON where it should be.</summary>
    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}. {this}");
        if (Body.Length > 0 && status < 400)
        {
            Assert.True(MediaType == "application/json", $"Expected JSON. {this}");
        }

        return this;
    }

    /// <summary>Fails unless this is a problem of this name and status, as RFC 9457 and the contract have it.</summary>
    public Answer IsProblem(int status, string name)
    {
        Assert.True(Status == status && Problem == name, $"Expected {status} {name}. {this}");
        Assert.True(Json.GetProperty("status").GetInt32() == status, $"The body says another status. {this}");
        Assert.False(string.IsNullOrWhiteSpace(Text("title")), $"A problem needs a title. {this}");
        if (status == 401)
        {
            Assert.True(Header("WWW-Authenticate") is not null, $"A 401 needs WWW-Authenticate. {this}");
        }

        if (status is 429 or 503)
        {
            Assert.True(RetryAfterSeconds() > 0, $"{status} needs Retry-After. {this}");
        }

        return this;
    }

    /// <summary>Fails unless this is an <c>invalid-request</c> that points at exactly these places.</summary>
    public Answer PointsAt(params string[] pointers)
    {
        IsProblem(422, "invalid-request");
        var errors = Json.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(pointers.Order(), errors.Select(error => error.GetProperty("pointer").GetString()).Order());
        Assert.All(errors, error => Assert.NotEmpty(error.GetProperty("detail").GetString()!));
        return this;
    }

    /// <summary>The seconds of Retry-After.</summary>
    public int RetryAfterSeconds()
    {
        var text = Header("Retry-After");
        Assert.True(
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds),
            $"Retry-After must be whole seconds. {this}");
        return seconds;
    }

    public override string ToString()
    {
        var headers = string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"));
        return $"{Request} was answered {Status} [{headers}] {(Body.Length > 2_000 ? Body[..2_000] + "..." : Body)}";
    }
}
