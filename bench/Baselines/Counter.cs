using Doorbuster.Admission;

namespace Doorbuster.Baselines;

/// <summary>
/// The calls: like Doorbuster's where a crowd makes them, so that the same crowd can be sent to both.
/// </summary>
internal sealed class Counter(IWay way, Shelf shelf, PurchaseTokens tokens)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapPost("/v1/sales", CreateAsync);
        app.MapGet("/v1/sales/{sale}", async (string sale) =>
            await shelf.CountAsync(sale) is { } count ? Results.Ok(count) : Results.NotFound());
        app.MapPost("/v1/sales/{sale}/orders", BuyAsync);
        app.MapGet("/v1/sales/{sale}/orders", FindAsync);
    }

    private async Task<IResult> CreateAsync(NewSale sale)
    {
        await shelf.AddSaleAsync(sale.Id, sale.Quantity);
        await way.PreloadAsync(sale.Id, sale.Quantity);
        return Results.Created($"/v1/sales/{sale.Id}", sale);
    }

    private async Task<IResult> BuyAsync(string sale, Purchase purchase, HttpContext context)
    {
        if (BuyerOf(sale, context) is not { } buyer || purchase.Quantity != 1)
        {
            return Results.StatusCode(403);
        }

        return await way.BuyAsync(sale, buyer) switch
        {
            Reply.Ordered => Results.Created($"/v1/sales/{sale}/orders", new Answer("reserved")),
            Reply.Queued => Results.Accepted($"/v1/sales/{sale}/orders", new Answer("queued")),
            Reply.SoldOut => Results.Conflict(new Answer("sold-out")),
            Reply.HasOne => Results.Conflict(new Answer("buyer-limit-reached")),
            _ => Results.Json(new Answer("busy"), statusCode: 503),
        };
    }

    private async Task<IResult> FindAsync(string sale, HttpContext context)
    {
        if (BuyerOf(sale, context) is not { } buyer)
        {
            return Results.StatusCode(403);
        }

        return await shelf.FindOrderAsync(sale, buyer) is { } order ? Results.Ok(new { order }) : Results.NotFound();
    }

    private string? BuyerOf(string sale, HttpContext context) =>
        SaleId.TryParse(sale, out var id)
        && tokens.Check(context.Request.Headers["Purchase-Token"].ToString(), id, out var buyer) == TokenCheck.Valid
            ? buyer.ToString()
            : null;

    private sealed record NewSale(string Id, int Quantity);

    private sealed record Purchase(int Quantity);

    private sealed record Answer(string Status);
}
