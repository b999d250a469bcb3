using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>Debian's Chromium, one for a class of tests; each visitor in it knows nothing of the others.</summary>
public sealed class Chrome : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu"],
        });
    }

    /// <summary>Somebody comes, with a device of their own.</summary>
    internal async Task<Visitor> VisitAsync(Device? device = null)
    {
        device ??= Device.Phone;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
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
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
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
