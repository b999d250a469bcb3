using System.Net.Http.Headers;
using System.Text.Json;

namespace Doorbuster.Cli.Api;

/// <summary>
/// An operator's calls. Each answers the server's JSON as it is, so that <c>--json</c> hides nothing; a call that is
/// refused, or finds no server, ends the verb with a message.
/// </summary>
internal sealed class SalesApi : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Calls to one server.</summary>
    /// <param name="server">Its address.</param>
    /// <param name="token">Who calls, a JWT; nothing for anyone.</param>
    public SalesApi(Uri server, string? token)
    {
        _http = new HttpClient { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/") };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Creates a sale.</summary>
    public Task<JsonElement> CreateAsync(NewSale sale, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "v1/sales", JsonContent.Create(sale, ApiJson.Default.NewSale), cancellationToken);

    /// <summary>One sale.</summary>
    public Task<JsonElement> ShowAsync(string sale, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"v1/sales/{sale}", null, cancellationToken);

    /// <summary>All sales, a page after the other.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(CancellationToken cancellationToken)
    {
        List<JsonElement> sales = [];
        string? cursor = null;
        do
        {
            var query = cursor is null ? "" : $"?cursor={Uri.EscapeDataString(cursor)}";
            var page = await SendAsync(HttpMethod.Get, $"v1/sales{query}", null, cancellationToken);
            sales.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return sales;
    }

    /// <summary>Pauses, resumes or closes a sale.</summary>
    /// <param name="sale">Which sale.</param>
    /// <param name="turn"><c>pause</c>, <c>resume</c> or <c>close</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<JsonElement> TurnAsync(string sale, string turn, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"v1/sales/{sale}/{turn}", null, cancellationToken);

    /// <summary>Adds units to a sale.</summary>
    public Task<JsonElement> ReplenishAsync(
        string sale, Replenishment replenishment, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            $"v1/sales/{sale}/replenish",
            JsonContent.Create(replenishment, ApiJson.Default.Replenishment),
            cancellationToken);

    /// <summary>The audit of a sale.</summary>
    public async Task<JsonElement> AuditAsync(string sale, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Get, $"v1/sales/{sale}/audit", null, cancellationToken);

    /// <summary>The audit of a sale after its gate was brought back to what the store says.</summary>
    public async Task<JsonElement> RepairAsync(string sale, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, $"v1/sales/{sale}/repair", null, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var answer = await _http.SendAsync(request, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return answer.IsSuccessStatusCode
                ? JsonSerializer.Deserialize(body, ApiJson.Default.JsonElement)
                : throw ApiRefusal.From(answer.StatusCode, body);
        }
        catch (HttpRequestException failure)
        {
            throw CommandException.Failed(
                $"No server answers at {_http.BaseAddress}: {failure.Message}. Start one with 'doorbuster serve', or "
                + "name another with --server.",
                failure);
        }
        catch (JsonException failure)
        {
            throw CommandException.Failed(
                $"What answers at {_http.BaseAddress} is not Doorbuster: its answer is not JSON.", failure);
        }
    }
}
