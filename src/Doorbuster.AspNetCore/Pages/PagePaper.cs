using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>
/// The paper that every page is written on: its head, with the files of its entry, and what stands around its content.
/// </summary>
internal static class PagePaper
{
    /// <summary>Letters of all scripts stay as they are.</summary>
    public static HtmlEncoder Html { get; } = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Writes a page.</summary>
    /// <param name="sheet">What is particular about it.</param>
    /// <param name="root">What the paths of our endpoints begin with, the program's own base path included.</param>
    public static string Write(PageSheet sheet, string root)
    {
        var entry = PageBundle.Built.Entry(sheet.Entry);
        var folder = Html.Encode($"{root}/{PageBundle.Folder}");
        var head = new StringBuilder();
        foreach (var style in entry.Styles)
        {
            head.Append($"<link rel=\"stylesheet\" href=\"{folder}/{style}\">\n");
        }

        foreach (var part in entry.Parts)
        {
            head.Append($"<link rel=\"modulepreload\" href=\"{folder}/{part}\">\n");
        }

        return $"""
            <!doctype html>
            <html lang="{sheet.Language}" data-page="{sheet.Page}" data-root="{Html.Encode(root)}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
            <meta name="color-scheme" content="light dark">
            <title>{Html.Encode(sheet.Title)}</title>
            <link rel="icon" href="{folder}/icon-1.svg" type="image/svg+xml">
            {sheet.Head}{head}<script type="module" src="{folder}/{entry.Script}"></script>
            </head>
            <body>
            {sheet.Body}
            </body>
            </html>

            """;
    }
}

/// <summary>One page, as it differs from others. What is given as HTML must be encoded by its maker.</summary>
/// <param name="Entry">The entry of the bundle that it runs.</param>
/// <param name="Page">Which page of the entry it is; the script finds it in <c>data-page</c>.</param>
/// <param name="Title">Its title, as text.</param>
/// <param name="Body">What is in the body, as HTML.</param>
internal sealed record PageSheet(string Entry, string Page, string Title, string Body)
{
    /// <summary>The language it is in.</summary>
    public string Language { get; init; } = "en";

    /// <summary>More for the head, as HTML, with a line's end at its end.</summary>
    public string Head { get; init; } = "";
}
