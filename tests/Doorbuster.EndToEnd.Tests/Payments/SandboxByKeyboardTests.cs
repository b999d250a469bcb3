using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Payments;

/// <summary>The sandbox's pages in a real browser, as wide as a telephone, with nothing but a keyboard.</summary>
public sealed class SandboxByKeyboardTests(OpenShop shop)
{
    private const string Focused = "document.activeElement.innerText || document.activeElement.id";

    [Fact]
    public async Task The_first_key_finds_the_button_and_the_second_pays()
    {
        var (buyer, order, page) = await OpenAsync();
        await using var browser = await Browser.OpenAsync();
        await browser.GoAsync(page);

        await browser.PressAsync("Tab");
        Assert.Equal("Pay 19.99 EUR", await browser.AskAsync(Focused));
        Assert.Equal("true", await browser.AskAsync("document.activeElement.matches(':focus-visible')"));
        await browser.PressAsync("Enter");

        await UntilHeadAsync(browser, "Paid");
        await buyer.UntilStatusAsync(order, "paid");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Declining_is_one_key_further()
    {
        var (buyer, order, page) = await OpenAsync();
        await using var browser = await Browser.OpenAsync();
        await browser.GoAsync(page);

        await browser.PressAsync("Tab");
        await browser.PressAsync("Tab");
        Assert.Equal("Decline", await browser.AskAsync(Focused));
        await browser.PressAsync(" ");

        await UntilHeadAsync(browser, "Declined");
        await buyer.UntilPaymentAsync(order, "failed");
    }

    [Fact]
    public async Task What_can_go_wrong_is_opened_and_chosen_by_keyboard_too()
    {
        var (buyer, order, page) = await OpenAsync();
        await using var browser = await Browser.OpenAsync();
        await browser.GoAsync(page);

        await TabToAsync(browser, "Let something go wrong");
        await browser.PressAsync("Enter");
        string[] fields = ["delay", "repeat", "lose", "twice", "reorder", "alter"];
        foreach (var field in fields)
        {
            await browser.PressAsync("Tab");
            Assert.Equal(field, await browser.AskAsync("document.activeElement.id"));
            Assert.Equal("1", await browser.AskAsync("document.activeElement.labels.length"));
            if (field == "twice")
            {
                await browser.PressAsync(" ");
            }
        }

        Assert.Equal("true", await browser.AskAsync("document.documentElement.scrollWidth <= window.innerWidth"));
        await browser.AskAsync("document.querySelector('button').focus()");
        await browser.PressAsync("Enter");

        await UntilHeadAsync(browser, "Paid");
        await buyer.UntilStatusAsync(order, "paid");
        await Answers.UntilAsync(
            "the order was paid twice, and once given back",
            () => shop.Events.FailAsync($"second_{order}.1", order),
            answer => answer.Text("status") == "refunded");
        Assert.Empty(browser.Complaints);
    }

    private static async Task TabToAsync(Browser browser, string what)
    {
        for (var i = 0; i < 5 && await browser.AskAsync(Focused) != what; i++)
        {
            await browser.PressAsync("Tab");
        }

        Assert.Equal(what, await browser.AskAsync(Focused));
    }

    private static Task UntilHeadAsync(Browser browser, string head) => Waiting.UntilAsync(
        $"the page was headed {head}",
        async () => await browser.AskAsync("document.querySelector('h1')?.innerText") == head);

    private async Task<(Buyer Buyer, string Order, string Page)> OpenAsync()
    {
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(await shop.NewSaleAsync(new Terms(1)));
        return (buyer, order, (await buyer.PayAsync(order)).Is(201).Text("checkoutUrl"));
    }
}
