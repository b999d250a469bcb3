using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Playwright;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>An operator in front of the dashboard.</summary>
internal sealed class Operator : IAsyncDisposable
{
    private readonly Visitor _visitor;
    private readonly Uri _server;

    private Operator(Visitor visitor, Uri server) => (_visitor, _server) = (visitor, server);

    public IPage Page => _visitor.Page;

    public Visitor Visitor => _visitor;

    /// <summary>Opens a view of the dashboard, signed in by a token that its address hands over.</summary>
    public static async Task<Operator> ComeAsync(Chrome chrome, Uri server, string view = "#/", Device? device = null)
    {
        var comer = new Operator(await chrome.VisitAsync(device ?? Device.Desktop), server);
        await comer.HandOverAsync(Jwt.ForOperator());
        await comer.SeeAsync(".verdict");
        await comer.GoAsync(view);
        return comer;
    }

    /// <summary>Comes without a token.</summary>
    public static async Task<Operator> ComeAsStrangerAsync(Chrome chrome, Uri server)
    {
        var comer = new Operator(await chrome.VisitAsync(Device.Desktop), server);
        await comer._visitor.GoAsync(new Uri(server, "/operator"));
        return comer;
    }

    /// <summary>Comes anew by an address that hands a token over.</summary>
    public async Task HandOverAsync(string token)
    {
        await Page.GotoAsync("about:blank");
        await _visitor.GoAsync(new Uri(_server, $"/operator#token={token}"));
    }

    /// <summary>Goes to another view.</summary>
    public Task GoAsync(string view) => Page.EvaluateAsync("view => { location.hash = view; }", view);

    /// <summary>Waits until there is what a selector finds.</summary>
    public Task SeeAsync(string selector) => Page.Locator(selector).First.WaitForAsync();

    /// <summary>Waits until there is a text where a selector finds something.</summary>
    public Task SeeAsync(string selector, string text) =>
        Page.Locator(selector).Filter(new() { HasText = text }).First.WaitForAsync();

    /// <summary>Presses a button of this name.</summary>
    public Task PressAsync(string name) =>
        Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync();

    /// <summary>Presses a button and gives an answer to its question.</summary>
    public async Task PressAsync(string name, string answer, string? number = null)
    {
        await PressAsync(name);
        var dialog = Page.GetByRole(AriaRole.Dialog);
        if (number is not null)
        {
            await dialog.GetByRole(AriaRole.Spinbutton).FillAsync(number);
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = answer, Exact = true }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    /// <summary>Types into a field of the form.</summary>
    public Task TypeAsync(string field, string text) => Page.Locator($"#field-{field}").FillAsync(text);

    public ValueTask DisposeAsync() => _visitor.DisposeAsync();
}
