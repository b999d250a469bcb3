using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>
/// Debian's Chromium, one for all tests, started once the first of them needs it; each visitor in it knows nothing of
/// the others.
/// </summary>
public sealed class Chrome : IAsyncLifetime
{
    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    public Chrome() => _browser = new Lazy<Task<IBrowser>>(LaunchAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Somebody comes, with a device of their own.</summary>
    internal async Task<Visitor> VisitAsync(Device? device = null)
    {
        device ??= Device.Phone;
        var context = await (await _browser.Value).NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = device.Width, Height = device.Height },
            ColorScheme = device.Scheme,
            Locale = device.Language,
            JavaScriptEnabled = device.RunsScripts,
            TimezoneId = "Europe/Berlin",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Waiting.Patience.TotalMilliseconds);
        return await Visitor.ComeAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated)
        {
            await (await _browser.Value).DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchAsync()
    {
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu"],
        });
    }
}

/// <summary>What somebody looks at a page with.</summary>
internal sealed record Device(int Width, int Height, ColorScheme Scheme, string Language)
{
    public static readonly Device Phone = new(390, 760, ColorScheme.Light, "en-GB");

    public static readonly Device Desktop = new(1280, 800, ColorScheme.Light, "en-GB");

    public bool RunsScripts { get; init; } = true;

    public Device Dark => this with { Scheme = ColorScheme.Dark };
}
