using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>Clicks that come while what they were meant for changes: in two tabs at once, and twice in one.</summary>
public sealed class LateClickTests(OpenShop shop, Chrome chrome)
{
    [Fact]
    public async Task Two_tabs_that_click_at_once_show_one_order()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        IPage[] tabs = [visitor.Page, await visitor.Device.NewPageAsync()];
        var haveClicked = new TaskCompletionSource();
        await visitor.Device.RouteAsync($"**/v1/sales/{sale}/orders", async route =>
        {
            // No answer comes before both have clicked: the second would click on what the first one's order shows.
            await haveClicked.Task;
            await route.ContinueAsync();
        });
        foreach (var tab in tabs)
        {
            await tab.GotoAsync(PageOf(sale, buyer).ToString());
            await tab.Locator("#stage[data-kind=open]").WaitForAsync();
        }

        await Task.WhenAll(tabs.Select(async tab =>
        {
            await tab.Locator(".act").ClickAsync();
            await tab.Locator("#stage[data-kind=asking]").WaitForAsync();
        }));
        haveClicked.SetResult();

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
        await visitor.GoAsync(PageOf(sale, buyer));
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

    private Task<string> NewSaleAsync() => shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });

    private Uri PageOf(string sale, Buyer buyer) => new(shop.Api.Address, $"/s/{sale}#token={buyer.Jwt}");

    private static async Task<IReadOnlyList<JsonElement>> OrdersAsync(string sale, Buyer buyer) =>
        [.. (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items").EnumerateArray()];
}
