using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>A shop's own server that takes payments: it answers as a test says, and remembers who asked.</summary>
internal sealed class ShopsTill : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _asked = [];

    private ShopsTill(int port)
    {
        Address = new Uri(Loopback.Address(port), "/till");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Loopback.Address(port).ToString());
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The key that signs what comes here, as the setting has it.</summary>
    public static string Secret => Keys.ForeignWebhook;

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<Asked> Asked => [.. _asked];

    /// <summary>What it answers; by default as it should.</summary>
    public Func<Asked, HttpResponse, Task> Answer { get; set; } = (asked, response) => response.WriteAsync(
        asked.Type == "refund.requested"
            ? """{"status":"refunded"}"""
            : $$"""{"checkoutUrl":"https://pay.example/{{asked.Data("paymentId")}}"}""");

    /// <summary>The settings of a server that calls it.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["Doorbuster:Payments:Provider"] = "http",
        ["Doorbuster:Payments:Url"] = Address.ToString(),
        ["Doorbuster:Payments:RequestSecrets:0"] = Secret,
        ["Doorbuster:Payments:Timeout"] = "00:00:01",
    };

    public static async Task<ShopsTill> OpenAsync()
    {
        var till = new ShopsTill(Loopback.NextPort());
        await till._app.StartAsync();
        return till;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(
            $"{context.Request.Method} {context.Request.Path}",
            context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync());
        _asked.Enqueue(asked);
        await Answer(asked, context.Response);
    }
}

/// <summary>What a shop's till was asked.</summary>
internal sealed record Asked(string Call, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>A text of its data.</summary>
    public string Data(string name) => Json.GetProperty("data").GetProperty(name).GetString()!;
}
