using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>Somebody in front of a page.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Visitor(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>The device's storage and all its tabs.</summary>
    public IBrowserContext Device => _context;

    /// <summary>What scripts threw and policies forbade, in the order in which it happened.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<Visitor> ComeAsync(IBrowserContext context)
    {
        var visitor = new Visitor(context, await context.NewPageAsync());
        context.WebError += (_, error) => visitor._complaints.Add(error.Error);
        context.Console += (_, message) =>
        {
            // Of an answer that is no success the browser complains too, and those are the contract's words.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load", StringComparison.Ordinal)
                && !message.Text.Contains("WebSocket", StringComparison.Ordinal))
            {
                visitor._complaints.Add(message.Text);
            }
        };
        return visitor;
    }

    /// <summary>Goes to an address.</summary>
    public Task GoAsync(Uri address) => Page.GotoAsync(address.ToString());

    /// <summary>Waits until the stage is of a kind.</summary>
    public Task UntilAsync(string kind) => Page.Locator($"#stage[data-kind='{kind}']").WaitForAsync();

    /// <summary>Whether the stage is of a kind now.</summary>
    public async Task<bool> ShowsAsync(string kind) =>
        await Page.Locator($"#stage[data-kind='{kind}']").CountAsync() == 1;

    /// <summary>Waits until the large button says so.</summary>
    public Task OffersAsync(string text) => Page.Locator(".act", new() { HasText = text }).WaitForAsync();

    /// <summary>What is counted down.</summary>
    public Task<string?> FigureAsync() => Page.Locator(".figure").TextContentAsync();

    /// <summary>Where the large button is, in whole pixels.</summary>
    public async Task<string> ButtonAsync() =>
        await Page.Locator(".act").BoundingBoxAsync() is { } box
            ? $"{box.X:0},{box.Y:0} {box.Width:0}x{box.Height:0}"
            : "nowhere";

    /// <summary>Presses the large button.</summary>
    public Task ActAsync() => Page.Locator(".act").ClickAsync();

    /// <summary>Fails where the page is wider than a window of this size, which stays so (WCAG 1.4.10).</summary>
    public async Task FitsAsync(int width, int height)
    {
        await Page.SetViewportSizeAsync(width, height);
        Assert.Equal(width, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    /// <summary>Fails where the page as it is now breaks a rule of accessibility.</summary>
    public async Task IsAccessibleAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions
            {
                Type = "tag",
                Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            },
        });
        Assert.True(
            result.Violations.Length == 0,
            string.Join("\n", result.Violations.Select(found =>
                $"{found.Id}: {found.Help}: {string.Join("; ", found.Nodes.Select(node => node.Html))}")));
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
