using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>
/// The pages that people look at. Each is the same for everyone, so that whatever stands between may keep it; who is
/// looking, and how a sale is doing, the script asks for.
/// </summary>
internal sealed class PageEndpoints(Premises premises, string prefix, TimeProvider clock)
{
    /// <summary>Maps the pages and the files they need.</summary>
    public void Map(ResourceMap map)
    {
        var pages = new BuyerPages(prefix, clock);
        map.MapPage("/", context => AtShop(context, shop => pages.ShowHome(context, shop)));
        map.MapPage("/s/{id}", context => AtShop(context, shop => pages.ShowSaleAsync(context, shop)));
        map.MapPage("/o/{id}", context => AtShop(context, shop => pages.ShowOrderAsync(context, shop)));
        map.MapPage("/operator", new OperatorPage(prefix).ShowAsync);
        map.MapPage($"/{PageBundle.Folder}/{{name}}", ShowFile);
    }

    /// <summary>A file's name carries a hash of what is in it: it is never another.</summary>
    private static Task ShowFile(HttpContext context)
    {
        if (PageBundle.Built.Find(context.Request.RouteValues["name"] as string) is { } file)
        {
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            file.Write(context);
        }
        else
        {
            Problem.Write(context, Refusals.NotFound);
        }

        return Task.CompletedTask;
    }

    /// <summary>A person who comes while the shop is shut is told so, and looks again by itself.</summary>
    private async Task AtShop(HttpContext context, Func<Shop, Task> show)
    {
        if (premises.Shop is not { } shop)
        {
            BuyerPages.ShowBusy(context, prefix);
            return;
        }

        try
        {
            await show(shop);
        }
        catch (StoreUnavailableException)
        {
            BuyerPages.ShowBusy(context, prefix);
        }
    }
}
