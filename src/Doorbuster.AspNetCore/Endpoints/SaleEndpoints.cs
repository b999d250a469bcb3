using System.Buffers;
using System.Text;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Sales: <c>POST</c> and <c>GET /v1/sales</c>, <c>GET /v1/sales/{id}</c>.</summary>
internal sealed partial class SaleEndpoints(
    Premises premises, Links links, TimeProvider clock, RandomSource random, ILogger logger)
{
    /// <summary>Creates a sale; the operator's.</summary>
    public async Task CreateAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        var (sale, problem) = await RequestBody.ReadAsync(
            context.Request, json => SaleForm.Parse(json, clock.GetUtcNow(), random));
        if (problem is not null)
        {
            problem.Write(context);
            return;
        }

        // Created half is worse than created for nobody: a caller that hangs up cancels nothing.
        switch (await shop.Office.CreateAsync(sale, CancellationToken.None))
        {
            case SaleCreation.Exists:
                Problem.Write(context, Refusals.SaleExists);
                break;
            case SaleCreation.TooMany:
                Problem.Write(context, Refusals.SaleLimitReached);
                break;
            default:
                Log.SaleCreated(logger, sale.Id, sale.Quantity, sale.OpensAt);
                WriteCreated(context, sale.Id, shop);
                break;
        }
    }

    /// <summary>Shows a sale to anyone. It waits for nothing, and for most callers it is a copy of bytes.</summary>
    public Task ShowAsync(HttpContext context)
    {
        if (premises.Shop is not { } shop)
        {
            Problem.Write(context, Refusals.Busy);
        }
        else if (shop.Catalog.TryFind(context.Request.RouteValues["id"] as string, out var listing))
        {
            WriteIfChanged(context, listing);
        }
        else
        {
            return ShowUnknownAsync(context, shop);
        }

        return Task.CompletedTask;
    }

    /// <summary>Lists sales to anyone, in the order of their ids.</summary>
    public Task ListAsync(HttpContext context, Shop shop)
    {
        var (page, problem) = Page.Read(context.Request.Query, static cursor => SaleId.TryParse(cursor, out _));
        if (problem is not null)
        {
            problem.Write(context);
            return Task.CompletedTask;
        }

        // One more than asked for tells whether there are more.
        var listings = shop.Catalog.Page(page.Cursor, page.Limit + 1);
        var body = new ArrayBufferWriter<byte>(4096);
        body.Write("{\"items\":["u8);
        var now = clock.GetUtcNow();
        for (var i = 0; i < Math.Min(listings.Count, page.Limit); i++)
        {
            body.Write(i == 0 ? [] : ","u8);
            SaleView.Of(listings[i], now).WriteTo(body, now);
        }

        // A sale id needs no escaping.
        body.Write("],\"next\":"u8);
        body.Write(listings.Count > page.Limit
            ? Encoding.ASCII.GetBytes($"\"{listings[page.Limit - 1].Sale.Id}\"}}")
            : "null}"u8);
        context.Response.Headers.CacheControl = Reply.OneSecond;
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, body.WrittenSpan);
        return Task.CompletedTask;
    }

    /// <summary>Another node may have made it a moment ago.</summary>
    private async Task ShowUnknownAsync(HttpContext context, Shop shop)
    {
        try
        {
            if (await shop.FindAsync(context.Request.RouteValues["id"] as string) is { } listing)
            {
                WriteIfChanged(context, listing);
            }
            else
            {
                Problem.Write(context, Refusals.SaleNotFound);
            }
        }
        catch (StoreUnavailableException fault)
        {
            Faults.Answer(context, fault, logger);
        }
    }

    private void WriteCreated(HttpContext context, SaleId id, Shop shop)
    {
        if (!shop.Catalog.TryFind(id.ToString(), out var listing))
        {
            throw new InvalidOperationException($"Sale '{id}' was created, and is not listed.");
        }

        context.Response.Headers.Location = links.Sale(context, id);
        context.Response.Headers.CacheControl = Reply.NoStore;
        var now = clock.GetUtcNow();
        SaleView.Of(listing, now).WriteTo(context.Response, StatusCodes.Status201Created, now);
    }

    private void WriteIfChanged(HttpContext context, Listing listing)
    {
        var now = clock.GetUtcNow();
        var view = SaleView.Of(listing, now);
        context.Response.Headers.CacheControl = Reply.OneSecond;
        var known = context.Request.Headers.IfNoneMatch;
        if (known.Count > 0 && EntityTag.IsIn(known, view.ETag.ToString()))
        {
            context.Response.Headers.ETag = view.ETag;
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }
        else
        {
            view.WriteTo(context.Response, StatusCodes.Status200OK, now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.SaleCreated, LogLevel.Information, "Sale {Sale} was created: {Quantity} units, from {OpensAt:u}.")]
        public static partial void SaleCreated(ILogger logger, SaleId sale, int quantity, DateTimeOffset opensAt);
    }
}
