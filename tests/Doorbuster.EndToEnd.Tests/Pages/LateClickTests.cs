using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>Clicks that come while what they were meant for changes: in two tabs at once, and twice in one.</summary>
public sealed class LateClickTests(OpenShop shop, Chrome chrome)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_tabs_that_click_at_once_show_one_order(bool isStorageLate)
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        IPage[] tabs = [visitor.Page, await visitor.Device.NewPageAsync()];
        foreach (var tab in isStorageLate ? tabs : [])
        {
            await tab.BeLateAsync();
        }

        var (asked, bothHaveAsked) = (0, new TaskCompletionSource());
        await visitor.Device.RouteAsync($"**/v1/sales/{sale}/orders", async route =>
        {
            // No answer comes before both have asked: the second would click on what the first one's order shows.
            if (Interlocked.Increment(ref asked) == tabs.Length)
            {
                bothHaveAsked.SetResult();
            }

            await bothHaveAsked.Task;
            await route.ContinueAsync();
        });
        foreach (var tab in tabs)
        {
            await tab.GotoAsync(shop.PageOf(sale, buyer).ToString());
            await tab.Locator("#stage[data-kind=open]").WaitForAsync();
        }

        await Task.WhenAll(tabs.Select(tab => tab.Locator(".act").ClickAsync()));

        foreach (var tab in tabs)
        {
            await tab.Locator("#stage[data-kind=reserved]").WaitForAsync();
        }

        Assert.Single(await OrdersAsync(sale, buyer));
    }

    [Fact]
    public async Task A_click_that_comes_late_is_not_taken_for_what_the_button_has_come_to_do()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.UntilAsync("open");

        // As the second click of a double click: on the button as soon as it would pay, on the links as they change.
        await visitor.Page.EvaluateAsync(
            """
            () => {
              const stage = document.getElementById('stage');
              const late = { reserved: '.act', unsure: '.quiet' };
              new MutationObserver(() => {
                const kind = stage.querySelectorAll('.quiet').length > 1 ? 'unsure' : stage.dataset.kind;
                if (!late[kind]) return;
                const button = stage.querySelector(late[kind]);
                delete late[kind];
                button.click();
                document.body.dataset[kind] = 'clicked';
              }).observe(stage, { subtree: true, childList: true, attributes: true });
            }
            """);
        await visitor.ActAsync();
        await visitor.Page.Locator("body[data-reserved=clicked]").WaitForAsync();
        await visitor.OffersAsync("Pay €19.99");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Give it back" }).ClickAsync();
        await visitor.Page.Locator("body[data-unsure=clicked]").WaitForAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();

        // Both go on as they should for whoever means them.
        var order = (await OrdersAsync(sale, buyer)).Single();
        Assert.Equal("reserved", order.GetProperty("status").GetString());
        await visitor.Page.RunAndWaitForRequestAsync(() => visitor.ActAsync(), "**/payments");
    }

    [Fact]
    public async Task While_units_are_given_back_nothing_can_be_paid()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        await BuyAsync(visitor, sale, buyer);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Give it back" }).ClickAsync();

        await using (await Held.AsyncOf(visitor.Page, "**/cancel"))
        {
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, give it back" }).ClickAsync();
            await visitor.Page.Locator(".quiet").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });

            // The focus is there now, so that a second press of Enter is this button's.
            await Assertions.Expect(visitor.Page.Locator(".act")).ToBeFocusedAsync();
            await Assertions.Expect(visitor.Page.Locator(".act")).ToBeDisabledAsync();
        }

        await visitor.UntilAsync("open");
    }

    [Fact]
    public async Task A_button_that_was_dark_for_a_while_works_as_soon_as_it_lights_up()
    {
        var (sale, buyer) = (await shop.NewSaleAsync(new Terms(1) { PerBuyerLimit = 5 }), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        await BuyAsync(visitor, sale, buyer);
        (await buyer.CancelAsync((await OrdersAsync(sale, buyer))[0].GetProperty("id").GetString()!)).Is(200);
        var other = shop.NewBuyer();
        var order = await other.OrderAsync(sale);
        await visitor.UntilAsync("sold-out");
        var since = await visitor.Page.EvaluateAsync<double>("performance.now()");
        await visitor.Page.WaitForFunctionAsync("since => performance.now() > since + 800", since);
        await visitor.Page.EvaluateAsync(
            """
            () => {
              const stage = document.getElementById('stage');
              new MutationObserver(() => {
                const button = stage.querySelector('.act');
                if (stage.dataset.kind !== 'open' || document.body.dataset.lit) return;
                document.body.dataset.lit = button.getAttribute('aria-disabled') ?? 'live';
              }).observe(stage, { attributes: true });
            }
            """);

        (await other.CancelAsync(order)).Is(200);

        await visitor.Page.Locator("body[data-lit=live]").WaitForAsync();
    }

    private async Task BuyAsync(Visitor visitor, string sale, Buyer buyer)
    {
        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.UntilAsync("open");
        await visitor.ActAsync();
        await visitor.UntilAsync("reserved");
    }

    private Task<string> NewSaleAsync() => shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });

    private static async Task<IReadOnlyList<JsonElement>> OrdersAsync(string sale, Buyer buyer) =>
        [.. (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items").EnumerateArray()];
}
