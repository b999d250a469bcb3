using System.Globalization;
using System.Text;

namespace Doorbuster.Comparison.Report;

/// <summary>
/// Draws figures as bars, in SVG without a library. Colours follow what the reader's browser prefers, light or dark,
/// and the ground is left as it is.
/// </summary>
internal static class Bars
{
    private const int Width = 880;
    private const int NameWidth = 250;
    private const int ValueWidth = 110;
    private const int RowHeight = 26;
    private const int BarHeight = 16;
    private const int TitleHeight = 46;

    private const string Style =
        """
        <style>
          text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f; }
          .title { font-weight: 600; font-size: 15px; }
          .note { fill: #57606a; font-size: 12px; }
          .theirs { fill: #8c959f; }
          .ours { fill: #0969da; }
          .wrong { fill: #cf222e; }
          .axis { stroke: #8c959f; stroke-width: 1; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            .note { fill: #9198a1; }
            .theirs { fill: #6e7681; }
            .ours { fill: #4493f8; }
            .wrong { fill: #f85149; }
            .axis { stroke: #6e7681; }
          }
        </style>
        """;

    /// <summary>The picture: a panel below the other.</summary>
    public static string Draw(string described, params IReadOnlyList<Panel> panels)
    {
        var height = panels.Sum(panel => TitleHeight + (panel.Rows.Count * RowHeight) + 14);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}"
              role="img" aria-label="{Escape(described)}">
            {Style}

            """);
        var top = 0;
        foreach (var panel in panels)
        {
            Draw(svg, panel, top);
            top += TitleHeight + (panel.Rows.Count * RowHeight) + 14;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Panel panel, int top)
    {
        svg.Append(CultureInfo.InvariantCulture, $"""
              <text class="title" x="0" y="{top + 18}">{Escape(panel.Title)}</text>
              <text class="note" x="0" y="{top + 36}">{Escape(panel.Note)}</text>

            """);
        var most = Math.Max(panel.Rows.Max(row => row.Value), 1);
        foreach (var (row, i) in panel.Rows.Select((row, i) => (row, i)))
        {
            var y = top + TitleHeight + (i * RowHeight);
            var length = row.Value / most * (Width - NameWidth - ValueWidth);
            var middle = y + (BarHeight / 2) + 5;
            svg.Append(CultureInfo.InvariantCulture, $"""
                  <text x="{NameWidth - 10}" y="{middle}" text-anchor="end">{Escape(row.Name)}</text>
                  <rect class="{row.Kind}" x="{NameWidth}" y="{y}" width="{length:0.0}" height="{BarHeight}" rx="2"/>
                  <text x="{NameWidth + length + 8:0.0}" y="{middle}">{Escape(row.Label)}</text>

                """);
        }

        var bottom = top + TitleHeight + (panel.Rows.Count * RowHeight) - 6;
        svg.Append(CultureInfo.InvariantCulture, $"""
              <line class="axis" x1="{NameWidth}" y1="{top + TitleHeight - 5}" x2="{NameWidth}" y2="{bottom}"/>

            """);
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);
}

/// <summary>Bars with one scale, which begins at nothing.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Note">How to read them.</param>
/// <param name="Rows">The bars.</param>
internal sealed record Panel(string Title, string Note, IReadOnlyList<Bar> Rows);

/// <summary>One bar.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Value">How long it is.</param>
/// <param name="Label">What is written beside it.</param>
/// <param name="Kind">Its colour: <c>ours</c>, <c>theirs</c> or <c>wrong</c>.</param>
internal sealed record Bar(string Name, double Value, string Label, string Kind);
