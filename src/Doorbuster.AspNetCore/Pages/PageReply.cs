using System.Text;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>Answers with a page: what browsers and what stands between may do with it.</summary>
internal static class PageReply
{
    /// <summary>The media type of every page.</summary>
    public const string Html = "text/html; charset=utf-8";

    /// <summary>
    /// What is the same for everyone: for ten seconds whoever has it need not ask, and a moment longer it is shown
    /// while it is asked for.
    /// </summary>
    public const string Shared = "public, max-age=10, stale-while-revalidate=50";

    /// <summary>
    /// Files of this origin alone, no script and no style in the page itself, and no frame around it: a page with a
    /// button that buys is not to be laid under another (clickjacking).
    /// </summary>
    /// <param name="images">Where pictures may come from, beside this origin.</param>
    public static string Policy(IEnumerable<string> images) =>
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + $"img-src {string.Join(' ', images.Prepend("'self'"))}; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Makes a page ready to be sent many times.</summary>
    public static PageFile Pack(string html) => new(Html, Encoding.UTF8.GetBytes(html));

    /// <summary>Answers with a page.</summary>
    public static void Write(
        HttpContext context, PageFile page, string policy, string cache = Shared,
        int status = StatusCodes.Status200OK)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = cache;
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        page.Write(context, status);
    }
}
