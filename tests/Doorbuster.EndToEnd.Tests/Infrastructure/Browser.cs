using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A real browser with one page, driven by Chrome's DevTools protocol: what a person with a keyboard does, and what the
/// page then is. One call at a time.
/// </summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private readonly DataDirectory _profile = new();
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private readonly Child _child;
    private int _calls;

    private Browser() => _child = Child.Start(
        "chromium",
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
            $"--user-data-dir={_profile.Path}", "about:blank",
        ],
        _profile.Path);

    /// <summary>What the browser complained of: what a policy forbids, what is missing, what failed.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Opens a browser whose page is as wide as a telephone.</summary>
    public static async Task<Browser> OpenAsync(int width = 360, int height = 640)
    {
        var browser = new Browser();
        try
        {
            await browser.ConnectAsync();
            await browser.CallAsync("Log.enable");
            await browser.CallAsync("Page.enable");
            await browser.CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
            {
                ["width"] = width,
                ["height"] = height,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = true,
            });
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes to an address, and waits until the page is there.</summary>
    public async Task GoAsync(string address)
    {
        await CallAsync("Page.navigate", new JsonObject { ["url"] = address });
        await Waiting.UntilAsync(
            $"{address} was there", async () => await AskAsync("document.readyState + ' ' + location.href") is { } state
                && state.StartsWith("complete http", StringComparison.Ordinal));
    }

    /// <summary>Presses and lets go a key: Tab, Enter, or a space.</summary>
    public async Task PressAsync(string key)
    {
        var (code, number, text) = key switch
        {
            "Tab" => ("Tab", 9, ""),
            "Enter" => ("Enter", 13, "\r"),
            " " => ("Space", 32, " "),
            _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Nobody presses it here."),
        };
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            await CallAsync("Input.dispatchKeyEvent", new JsonObject
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = code,
                ["windowsVirtualKeyCode"] = number,
                ["text"] = type == "keyDown" ? text : "",
            });
        }
    }

    /// <summary>What an expression of JavaScript is on the page, as text; null while there is no page.</summary>
    public async Task<string?> AskAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})" });
        return answer["result"]?["value"]?.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            // One that is killed leaves others behind, which still write into its profile.
            await CallAsync("Browser.close");
            await _child.ExitAsync();
        }

        _socket.Dispose();
        await _child.DisposeAsync();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        await Waiting.UntilAsync("the browser was there", () => Listening().IsMatch(_child.Errors));
        var port = Listening().Match(_child.Errors).Groups["port"].Value;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var targets = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"));
        var page = JsonNode.Parse(targets)!.AsArray().First(target => target!["type"]!.GetValue<string>() == "page")!;
        await _socket.ConnectAsync(new Uri(page["webSocketDebuggerUrl"]!.GetValue<string>()), CancellationToken.None);
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_calls;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        using var limit = new CancellationTokenSource(Waiting.Patience);
        await _socket.SendAsync(
            Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        while (true)
        {
            var message = await ReceiveAsync(limit.Token);
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message.ToJsonString()}");
            }

            if (message["method"]?.GetValue<string>() == "Log.entryAdded")
            {
                _complaints.Add(message["params"]!["entry"]!["text"]!.GetValue<string>());
            }
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var part = new byte[64 * 1024];
        while (true)
        {
            var received = await _socket.ReceiveAsync(part.AsMemory(), cancellationToken);
            message.Write(part, 0, received.Count);
            if (received.EndOfMessage)
            {
                return JsonSerializer.Deserialize<JsonNode>(message.ToArray())!;
            }
        }
    }

    [GeneratedRegex(@"DevTools listening on ws://127\.0\.0\.1:(?<port>[0-9]+)/")]
    private static partial Regex Listening();
}
