using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>
/// Every state of the buyer's pages, on a telephone and on a desk, by day and by night. With <c>DOORBUSTER_ALBUM</c>
/// set to a folder their pictures are put there, to be looked at.
/// </summary>
public sealed class PictureTests(OpenShop shop, Chrome chrome)
{
    private static readonly string? Album = Environment.GetEnvironmentVariable("DOORBUSTER_ALBUM");

    /// <summary>Colours do not hang on the width, so each is tried once, unless there is an album to fill.</summary>
    public static TheoryData<string> Devices =>
        Album is null
            ? new("phone-light", "desk-dark")
            : new("phone-light", "phone-dark", "desk-light", "desk-dark", "phone-zh", "desk-zh");

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task Every_state_of_the_pages_is_accessible(string name)
    {
        await using var visitor = await chrome.VisitAsync(DeviceOf(name));
        var buyer = shop.NewBuyer();

        var later = await NewSaleAsync(new Terms(100) { OpensIn = TimeSpan.FromMinutes(4) });
        await visitor.GoAsync(Address($"/s/{later}#token={buyer.Jwt}"));
        await visitor.UntilAsync("countdown");
        await ShootAsync(visitor, name, "1-countdown");

        var sale = await NewSaleAsync(new Terms(3));
        await visitor.GoAsync(Address($"/s/{sale}"));
        await visitor.UntilAsync("open");
        await ShootAsync(visitor, name, "2-open");

        if (Album is not null)
        {
            await ShootSeveralAsync(visitor, name);
            await visitor.GoAsync(Address($"/s/{sale}"));
            await visitor.UntilAsync("open");
        }

        await using (var holdsAnswers = await Held.AsyncOf(visitor.Page, $"**/v1/sales/{sale}/orders"))
        {
            await visitor.ActAsync();
            await visitor.UntilAsync("asking");
            await ShootAsync(visitor, name, "3-asking");
        }

        await visitor.UntilAsync("reserved");
        await ShootAsync(visitor, name, "4-reserved");
        await visitor.ActAsync();
        await visitor.Page.WaitForURLAsync("**/sandbox/**");
        await ShootAsync(visitor, name, "5-checkout");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await ShootAsync(visitor, name, "6-told");
        await visitor.GoAsync(Address($"/s/{sale}"));
        await visitor.UntilAsync("paid");
        await ShootAsync(visitor, name, "7-paid");
        await visitor.ActAsync();
        await visitor.Page.WaitForURLAsync("**/o/**");
        await visitor.UntilAsync("paid");
        await ShootAsync(visitor, name, "8-order");

        var gone = await NewSaleAsync(new Terms(1));
        await shop.NewBuyer().OrderAsync(gone);
        await visitor.GoAsync(Address($"/s/{gone}"));
        await visitor.UntilAsync("sold-out");
        await ShootAsync(visitor, name, "9-sold-out");

        foreach (var (turn, kind) in new[] { ("pause", "paused"), ("close", "closed") })
        {
            (await shop.Api.OperateAsync(gone, turn)).Is(200);
            await visitor.UntilAsync(kind);
            await ShootAsync(visitor, name, $"9-{kind}");
        }

        await visitor.GoAsync(Address("/o/lamp.0123456789ABCDEFGHJKMNPQRS"));
        await visitor.Page.Locator("main.notice").WaitForAsync();
        await ShootAsync(visitor, name, "9-missing");
        await visitor.GoAsync(Address("/"));
        await visitor.Page.Locator(".card[data-state=open]").First.WaitForAsync();
        await ShootAsync(visitor, name, "0-home");
        Assert.Empty(visitor.Complaints);
    }

    private static Device DeviceOf(string name)
    {
        var device = name.StartsWith("phone", StringComparison.Ordinal) ? Device.Phone : Device.Desktop;
        return name.EndsWith("dark", StringComparison.Ordinal) ? device.Dark
            : name.EndsWith("zh", StringComparison.Ordinal) ? device with { Language = "zh-CN" }
            : device;
    }

    /// <summary>Where a buyer may have several; a test of its own holds it to the rules.</summary>
    private async Task ShootSeveralAsync(Visitor visitor, string name)
    {
        var several = await NewSaleAsync(new Terms(60) { PerBuyerLimit = 4 });
        await visitor.GoAsync(Address($"/s/{several}"));
        await visitor.UntilAsync("open");
        await visitor.Page.Locator(".step").Last.ClickAsync();
        await ShootAsync(visitor, name, "2-several");
        await visitor.ActAsync();
        await visitor.UntilAsync("reserved");
        await ShootAsync(visitor, name, "4-several");
    }

    /// <summary>A sale with all that a page can show of one.</summary>
    private async Task<string> NewSaleAsync(Terms terms)
    {
        var body = (terms with { Id = shop.Name("lamp") }).ToJson();
        body["title"] = "A brass lamp";
        body["description"] = "Warm light and a heavy foot.\n\nTwo years of warranty.";
        body["imageUrl"] = Address("/pages/lamp-1.svg").ToString();
        return (await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), body.ToJsonString())).Is(201).Text("id");
    }

    private Uri Address(string path) => new(shop.Api.Address, path);

    private static async Task ShootAsync(Visitor visitor, string name, string state)
    {
        if (Album is not null)
        {
            // A button that has just come to do something else is pale for a moment.
            await visitor.Page.Locator("[data-early]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Album, $"{name}-{state}.png") });
        }

        await visitor.IsAccessibleAsync();
    }
}
