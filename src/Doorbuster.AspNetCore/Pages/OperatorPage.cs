using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>
/// The operator's dashboard: one page, the same for everyone, whose script asks who is looking and calls what an
/// operator may call. It is there while the shop is shut too, and says so by itself.
/// </summary>
/// <param name="prefix">What the paths of our endpoints begin with.</param>
internal sealed class OperatorPage(string prefix)
{
    private const string Body =
        """
        <a class="skip" href="#main">Skip to the content</a>
        <div id="app"><noscript><p>Please turn on JavaScript to operate sales. 请启用 JavaScript。</p></noscript></div>
        """;

    /// <summary>Shows it.</summary>
    public Task ShowAsync(HttpContext context)
    {
        var root = $"{context.Request.PathBase}{prefix}";
        var sheet = new PageSheet("operator", "operator", "Doorbuster operator", Body);
        PageReply.Write(context, PageReply.Pack(PagePaper.Write(sheet, root)), BuyerPages.PolicyOf([]));
        return Task.CompletedTask;
    }
}
