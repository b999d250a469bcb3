using System.Globalization;
using System.Text;
using Doorbuster.AspNetCore.Json;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>
/// What the buyer's pages say before a script runs. The script looks for the ids, the classes and the <c>data-</c>
/// attributes that are here; what it says itself goes into the element <c>#stage</c>.
/// </summary>
internal static class BuyerText
{
    private const string Entry = "buyer";

    /// <summary>The list of sales.</summary>
    public static PageSheet Home(IReadOnlyList<Sale> sales, PageWords words, string root)
    {
        var cards = new StringBuilder();
        foreach (var sale in sales)
        {
            cards.Append(Card(sale, words, root));
        }

        var isHidden = sales.Count == 0 ? "" : " hidden";
        return Sheet("home", words["sales"], words, root, withHome: false, $"""
            <main id="main" class="home">
            <h1 data-t="sales">{Encode(words["sales"])}</h1>
            <p class="empty" id="empty" data-t="noSales"{isHidden}>{Encode(words["noSales"])}</p>
            <ul class="cards" id="cards">
            {cards}</ul>
            </main>
            """);
    }

    /// <summary>A sale.</summary>
    public static PageSheet Sale(Sale sale, PageWords words, string root) =>
        Sheet("sale", sale.Title, words, root, withHome: true, $"""
            <main id="main" class="sale" data-sale="{Encode(JsonOf(sale))}">
            {Picture(sale)}
            <div class="offer">
            <h1>{Encode(sale.Title)}</h1>
            {Price(sale)}
            <div id="stage" class="stage">
            {Opens(sale, words)}
            <noscript><p class="hint">{Encode(words["noScript"])}</p></noscript>
            </div>
            {Description(sale)}
            </div>
            </main>
            """) with { Head = Preload(sale) };

    /// <summary>An order of a sale.</summary>
    public static PageSheet Order(OrderId order, Sale sale, PageWords words, string root) =>
        Sheet("order", sale.Title, words, root, withHome: true, $"""
            <main id="main" class="sale order" data-order="{order}" data-sale="{Encode(JsonOf(sale))}">
            {Picture(sale)}
            <div class="offer">
            <p class="eyebrow" data-t="yourOrder">{Encode(words["yourOrder"])}</p>
            <h1><a href="{Encode(root)}/s/{sale.Id}">{Encode(sale.Title)}</a></h1>
            <div id="stage" class="stage">
            <noscript><p class="hint">{Encode(words["noScriptOrder"])}</p></noscript>
            </div>
            <div id="history"></div>
            </div>
            </main>
            """);

    /// <summary>There is nothing at this address.</summary>
    public static PageSheet Missing(PageWords words, string root) => Notice("missing", words, root);

    /// <summary>The shop is shut for a moment; the browser looks again by itself.</summary>
    public static PageSheet Busy(PageWords words, string root) =>
        Notice("busy", words, root) with { Head = "<meta http-equiv=\"refresh\" content=\"3\">\n" };

    private static PageSheet Notice(string name, PageWords words, string root) =>
        Sheet("notice", words[name], words, root, withHome: true, $"""
            <main id="main" class="notice">
            <h1 data-t="{name}">{Encode(words[name])}</h1>
            <p data-t="{name}Text">{Encode(words[$"{name}Text"])}</p>
            </main>
            """);

    private static PageSheet Sheet(
        string page, string title, PageWords words, string root, bool withHome, string main)
    {
        var home = withHome
            ? $"<a class=\"home-link\" href=\"{Encode(root)}/\" data-t=\"allSales\">{Encode(words["allSales"])}</a>"
            : "";
        var languages = string.Concat(PageWords.All.Where(other => other != words).Select(LanguageLink));
        return new PageSheet(Entry, page, title, $"""
            <a class="skip" href="#main" data-t="skip">{Encode(words["skip"])}</a>
            <header class="top">{home}{languages}</header>
            {main}
            """) { Language = words.Tag };
    }

    private static string LanguageLink(PageWords other) =>
        $"<a class=\"language\" href=\"?lang={other.Name}\" hreflang=\"{other.Tag}\" lang=\"{other.Tag}\">"
            + $"{Encode(other["language"])}</a>";

    private static string Card(Sale sale, PageWords words, string root) => $"""
        <li class="card" data-sale="{Encode(JsonOf(sale))}"><a href="{Encode(root)}/s/{sale.Id}">
        {Picture(sale)}
        <div class="label"><h2>{Encode(sale.Title)}</h2>
        {Price(sale)}
        {Opens(sale, words)}</div></a></li>

        """;

    /// <summary>A picture, or where there is none a plain face with the title's first letter.</summary>
    private static string Picture(Sale sale) => sale.ImageUrl is { } image
        ? $"""<div class="picture"><img src="{Encode(image.AbsoluteUri)}" alt="" width="800" height="800"></div>"""
        : $"<div class=\"picture plain hue{HueOf(sale.Id)}\" aria-hidden=\"true\">"
            + $"<span>{Encode(First(sale.Title))}</span></div>";

    /// <summary>One of the style sheet's five, always the same for a sale.</summary>
    private static int HueOf(SaleId sale) => sale.ToString().Sum(letter => letter) % 5;

    private static string First(string title) => StringInfo.GetNextTextElement(title).ToUpperInvariant();

    private static string Preload(Sale sale) => sale.ImageUrl is { } image
        ? $"<link rel=\"preload\" as=\"image\" href=\"{Encode(image.AbsoluteUri)}\">\n"
        : "";

    private static string Price(Sale sale) =>
        $"""<p class="price"><data value="{sale.Price.Amount}">{Encode(PriceText.Write(sale.Price))}</data></p>""";

    private static string Opens(Sale sale, PageWords words)
    {
        var time = sale.OpensAt.UtcDateTime.ToString(words["timeUtc"], CultureInfo.InvariantCulture);
        var iso = sale.OpensAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"<p class=\"when\"><span data-t=\"opens\">{Encode(words["opens"])}</span> "
            + $"<time datetime=\"{iso}\">{Encode(time)}</time></p>";
    }

    /// <summary>An empty line parts paragraphs.</summary>
    private static string Description(Sale sale) => sale.Description is not { Length: > 0 } text
        ? ""
        : "<div class=\"description\">"
            + string.Concat(text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(paragraph => $"<p>{Encode(paragraph.Trim())}</p>"))
            + "</div>";

    private static string JsonOf(Sale sale)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        SaleTermsJson.Write(json.Writer, sale with { Description = null });
        json.Writer.WriteNumber("revision"u8, sale.Revision);
        json.Writer.WriteEndObject();
        return Encoding.UTF8.GetString(json.Written);
    }

    private static string Encode(string text) => PagePaper.Html.Encode(text);
}
