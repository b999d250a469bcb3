using Microsoft.Playwright;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>Holds what a page asks, until it is disposed of; then everything goes on its way.</summary>
internal sealed class Held : IAsyncDisposable
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IPage _page;
    private readonly string _address;

    private Held(IPage page, string address) => (_page, _address) = (page, address);

    /// <summary>Begins to hold what goes to these addresses.</summary>
    public static async Task<Held> AsyncOf(IPage page, string address)
    {
        var held = new Held(page, address);
        await page.RouteAsync(address, held.HoldAsync);
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        _go.SetResult();
        await _page.UnrouteAsync(_address);
    }

    private async Task HoldAsync(IRoute route)
    {
        await _go.Task;
        await route.ContinueAsync();
    }
}
