using System.Runtime.CompilerServices;
using Doorbuster.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>The buyer's pages as the server sends them: readable before any script runs, and the same for everyone.
/// </summary>
/// <param name="prefix">What the paths of our endpoints begin with.</param>
/// <param name="clock">The time.</param>
internal sealed class BuyerPages(string prefix, TimeProvider clock)
{
    private const int MostSales = 60;
    private const string NoMarkup = "; require-trusted-types-for 'script'";

    private readonly ConditionalWeakTable<Sale, PageCopies> _sales = [];

    /// <summary>The sales that are open or to come, the next one first.</summary>
    public Task ShowHome(HttpContext context, Shop shop)
    {
        var now = clock.GetUtcNow();
        Sale[] sales =
        [
            .. shop.Catalog.Page(after: null, int.MaxValue).Select(listing => listing.Sale)
                .Where(sale => sale.StateAt(now) != SaleState.Closed)
                .OrderBy(sale => sale.OpensAt).Take(MostSales),
        ];
        var (words, root) = (WordsOf(context), RootOf(context, prefix));
        var html = PagePaper.Write(BuyerText.Home(sales, words, root), root);
        PageReply.Write(context, PageReply.Pack(html), PolicyOf(sales));
        return Task.CompletedTask;
    }

    /// <summary>One sale.</summary>
    public async Task ShowSaleAsync(HttpContext context, Shop shop)
    {
        if (await shop.FindAsync(context.Request.RouteValues["id"] as string) is not { Sale: var sale })
        {
            ShowMissing(context);
            return;
        }

        var (words, root) = (WordsOf(context), RootOf(context, prefix));
        var page = _sales.GetOrCreateValue(sale).Get(
            (root, words), () => PagePaper.Write(BuyerText.Sale(sale, words, root), root));
        PageReply.Write(context, page, PolicyOf([sale]));
    }

    /// <summary>An order: its sale, around a place where the script shows what only its buyer may see.</summary>
    public async Task ShowOrderAsync(HttpContext context, Shop shop)
    {
        if (!OrderId.TryParse(context.Request.RouteValues["id"] as string, out var order)
            || await shop.FindAsync(order.Sale.ToString()) is not { Sale: var sale })
        {
            ShowMissing(context);
            return;
        }

        var (words, root) = (WordsOf(context), RootOf(context, prefix));
        var html = PagePaper.Write(BuyerText.Order(order, sale, words, root), root);
        PageReply.Write(context, PageReply.Pack(html), PolicyOf([sale]));
    }

    /// <summary>Says that the shop is shut for a moment.</summary>
    public static void ShowBusy(HttpContext context, string prefix)
    {
        var root = RootOf(context, prefix);
        context.Response.Headers.RetryAfter = "3";
        var page = PageReply.Pack(PagePaper.Write(BuyerText.Busy(WordsOf(context), root), root));
        PageReply.Write(context, page, PolicyOf([]), "no-store", StatusCodes.Status503ServiceUnavailable);
    }

    private void ShowMissing(HttpContext context)
    {
        var root = RootOf(context, prefix);
        var page = PageReply.Pack(PagePaper.Write(BuyerText.Missing(WordsOf(context), root), root));
        PageReply.Write(context, page, PolicyOf([]), "no-store", StatusCodes.Status404NotFound);
    }

    private static PageWords WordsOf(HttpContext context) => PageWords.Of(context.Request.Query["lang"]);

    private static string RootOf(HttpContext context, string prefix) => $"{context.Request.PathBase}{prefix}";

    /// <summary>The policy of a page that shows pictures of these sales; its script makes no markup of text.</summary>
    public static string PolicyOf(IEnumerable<Sale> sales) =>
        PageReply.Policy(sales.Select(sale => sale.ImageUrl).OfType<Uri>()
            .Select(image => image.GetLeftPart(UriPartial.Authority)).Distinct()) + NoMarkup;

    /// <summary>The page of a sale, a copy a language and a place: as few as there are.</summary>
    private sealed class PageCopies
    {
        private const int Most = 8;

        private readonly Lock _lock = new();
        private readonly Dictionary<(string, PageWords), PageFile> _copies = [];

        public PageFile Get((string Root, PageWords Words) of, Func<string> write)
        {
            lock (_lock)
            {
                if (!_copies.TryGetValue(of, out var page))
                {
                    page = PageReply.Pack(write());
                    if (_copies.Count < Most)
                    {
                        _copies.Add(of, page);
                    }
                }

                return page;
            }
        }
    }
}
