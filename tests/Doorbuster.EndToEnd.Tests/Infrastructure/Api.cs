using System.Net.Http.Headers;
using System.Text;
using Doorbuster.EndToEnd.Tests.Contract;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>Calls a server over HTTP, and takes every answer as it comes.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _prefix;

    /// <summary>Calls a server.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="prefix">Below what it has Doorbuster.</param>
    /// <param name="timeout">How long a call may take; what a loaded machine may take where null.</param>
    public Api(Uri address, string prefix = "", TimeSpan? timeout = null)
    {
        (Address, _prefix) = (address, prefix);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 256,

            // Tests also send what no header should hold.
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = timeout ?? Waiting.Patience };
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    public Task<Answer> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(new Call(HttpMethod.Get, path) { Token = token, Headers = headers });

    public Task<Answer> PostAsync(
        string path, string? token = null, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(new Call(HttpMethod.Post, path) { Token = token, Body = body, Headers = headers });

    /// <summary>A sale as anyone sees it.</summary>
    public Task<Answer> SaleAsync(string sale) => GetAsync($"/v1/sales/{sale}");

    /// <summary>Creates a sale as an operator.</summary>
    public Task<Answer> CreateAsync(Terms terms) =>
        PostAsync("/v1/sales", Jwt.ForOperator(), terms.ToJson().ToJsonString());

    /// <summary>What an operator does to a sale: <c>pause</c>, <c>replenish</c> and the like.</summary>
    public Task<Answer> OperateAsync(string sale, string what, string? body = null) =>
        PostAsync($"/v1/sales/{sale}/{what}", Jwt.ForOperator(), body);

    /// <summary>Changes a sale's terms as an operator who has seen this entity tag; none where null.</summary>
    public Task<Answer> PatchAsync(
        string sale, string? seen, string patch, string type = "application/merge-patch+json") =>
        SendAsync(new Call(HttpMethod.Patch, $"/v1/sales/{sale}")
        {
            Token = Jwt.ForOperator(),
            Body = patch,
            ContentType = type,
            Headers = seen is null ? [] : [("If-Match", seen)],
        });

    /// <summary>
    /// Makes a call; a body is JSON unless its call says otherwise. The answer must be as the contract's document has
    /// it.
    /// </summary>
    public async Task<Answer> SendAsync(Call call)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        if (call.Bytes is not null)
        {
            request.Content = new ByteArrayContent(call.Bytes);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }

        if (call.Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", call.Token);
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(
                header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new Answer(
            $"{call.Method} {call.Path} {call.Body}",
            (int)response.StatusCode,
            headers,
            await response.Content.ReadAsStringAsync());
        if (call.Path.StartsWith(_prefix, StringComparison.Ordinal))
        {
            ContractCheck.Hold(call, call.Path[_prefix.Length..], answer);
        }

        return answer;
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A call as a test spells it.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    /// <summary>A bearer token; none where null.</summary>
    public string? Token { get; init; }

    /// <summary>The body; none where null.</summary>
    public string? Body
    {
        get => Bytes is null ? null : Encoding.UTF8.GetString(Bytes);
        init => Bytes = value is null ? null : Encoding.UTF8.GetBytes(value);
    }

    /// <summary>The body where it is no text; none where null.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>What the body is said to be.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Headers beside, as they are.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
