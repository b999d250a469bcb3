using System.Net.Http.Headers;
using System.Text.Json;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>An event stream that watches a sale, line by line as the server writes it.</summary>
internal sealed class LiveStream : ILiveClient
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly LiveLog _log = new();
    private readonly List<StreamEvent> _events = [];
    private readonly Task _reading;
    private int _comments;

    private LiveStream(HttpClient http, HttpResponseMessage response)
    {
        _http = http;
        _response = response;
        _reading = ReadAsync();
    }

    public LiveLog Log => _log;

    /// <summary>The head of the answer.</summary>
    public HttpResponseMessage Head => _response;

    /// <summary>The events so far.</summary>
    public IReadOnlyList<StreamEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>How many comments there were so far.</summary>
    public int Comments => Volatile.Read(ref _comments);

    /// <summary>Opens one.</summary>
    public static async Task<LiveStream> OpenAsync(
        Uri server, string path, params (string Name, string Value)[] headers)
    {
        // Who leaves does not wait for the rest of a stream that has no end.
        var handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        var http = new HttpClient(handler) { BaseAddress = server, Timeout = Waiting.Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new LiveStream(http, response.EnsureSuccessStatusCode());
    }

    public Task EndedAsync() => _reading.WaitAsync(Waiting.Patience);

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        _http.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync());
            var fields = new Dictionary<string, string>();
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.Length > 0)
                {
                    var parts = line.Split(':', 2);
                    fields[parts[0]] = parts[1].TrimStart(' ');
                }
                else
                {
                    Take(fields);
                    fields.Clear();
                }
            }
        }
        catch (Exception end) when (end is IOException or HttpRequestException or ObjectDisposedException)
        {
            // The connection ended.
        }
    }

    private void Take(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.ContainsKey(""))
        {
            Interlocked.Increment(ref _comments);
            return;
        }

        lock (_events)
        {
            _events.Add(new StreamEvent(
                fields["event"], fields.GetValueOrDefault("id"), fields.GetValueOrDefault("retry")));
        }

        _log.Add(JsonSerializer.Deserialize<JsonElement>(fields["data"]));
    }
}

/// <summary>An event beside its data.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Retry">Milliseconds until a client should come back.</param>
internal sealed record StreamEvent(string Type, string? Id, string? Retry);
