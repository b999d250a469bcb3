using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Doorbuster.Admission;
using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Doorbuster's own server with three endpoints beside its own that do as little as can be done: what the figures are
/// ratios to. They go through the same pipeline, and answer bodies as long as the real ones.
/// </summary>
internal static class Server
{
    private static readonly byte[] Order = Body(
        """
        {"id":"bench.0123456789ABCDEFGHJKMNPQRS","saleId":"bench","quantity":1,
        "amount":{"amount":1999,"currency":"EUR"},"status":"reserved","revision":1,
        "createdAt":"2026-01-01T12:00:00.000Z","reservedAt":"2026-01-01T12:00:00.000Z",
        "expiresAt":"2026-01-01T12:10:00.000Z","paidAt":null,"reason":null}
        """);

    private static readonly byte[] Conflict = Body(
        """
        {"type":"https://doorbuster.dev/problems/sold-out","title":"Sold out. Units may come back.","status":409}
        """);

    private static readonly byte[] Sale = Body(
        """
        {"id":"bench","title":"Benchmark","description":null,"imageUrl":null,"quantity":1000000,
        "price":{"amount":1999,"currency":"EUR"},"opensAt":"2026-01-01T12:00:00.000Z","closesAt":null,
        "perBuyerLimit":1,"paymentWindow":"PT10M","requirePurchaseToken":true,"state":"open","available":1000000,
        "soldOut":false,"revision":1,"now":"2026-01-01T12:00:00.000Z"}
        """);

    public static async Task RunAsync(string url, string data)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["Doorbuster:DataDirectory"] = data;
        builder.WebHost.UseUrls(url);
        builder.Services.AddDoorbuster();
        var app = builder.Build();
        app.MapDoorbuster();
        var key = KeyText.Read(app.Configuration["Doorbuster:PurchaseTokens:Keys:0"]!)!;
        var tokens = new PurchaseTokens([key], TimeProvider.System);
        app.MapPost("/bench/sales/{sale}/orders", (RequestDelegate)(context => ReserveNothingAsync(context, tokens)));
        app.MapPost("/bench/sales/{sale}/conflict", (RequestDelegate)(context => RefuseAsync(context, tokens)));
        app.MapGet("/bench/sales/{sale}", (RequestDelegate)(context => AnswerAsync(context, 200, Sale)));
        app.UseDoorbusterNotFound();
        await app.RunAsync();
    }

    private static async Task ReserveNothingAsync(HttpContext context, PurchaseTokens tokens)
    {
        var body = await context.Request.BodyReader.ReadAsync();
        var quantity = ReadQuantity(body.Buffer.FirstSpan);
        context.Request.BodyReader.AdvanceTo(body.Buffer.End);
        if (quantity == 1 && IsGenuine(context, tokens))
        {
            context.Response.Headers.Location = "/v1/orders/bench.0123456789ABCDEFGHJKMNPQRS";
            await AnswerAsync(context, 201, Order);
        }
        else
        {
            await AnswerAsync(context, 403, Conflict);
        }
    }

    private static Task RefuseAsync(HttpContext context, PurchaseTokens tokens) =>
        IsGenuine(context, tokens) ? AnswerAsync(context, 409, Conflict) : AnswerAsync(context, 403, Conflict);

    private static int ReadQuantity(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("quantity"u8))
            {
                return reader.Read() && reader.TryGetInt32(out var quantity) ? quantity : 0;
            }
        }

        return 0;
    }

    private static bool IsGenuine(HttpContext context, PurchaseTokens tokens) =>
        SaleId.TryParse((string?)context.Request.RouteValues["sale"], out var sale)
        && tokens.Check(context.Request.Headers["Purchase-Token"].ToString(), sale, out _) == TokenCheck.Valid;

    private static async Task AnswerAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaTypeNames.Application.Json;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static byte[] Body(string json) =>
        Encoding.UTF8.GetBytes(json.Replace("\n", "", StringComparison.Ordinal));
}
