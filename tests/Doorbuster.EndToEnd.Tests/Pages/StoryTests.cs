using System.Globalization;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>A sale from before its doors open until units come back, as its buyers see it.</summary>
public sealed class StoryTests(Chrome chrome)
{
    private const int Units = 10;
    private const int Pages = 8;
    private const int Others = 42;

    private static readonly Dictionary<string, string?> WithGuests = new()
    {
        ["Doorbuster:Identity:Guests"] = "true",
        ["Doorbuster:Payments:Provider"] = "sandbox",
    };

    [Fact]
    public async Task Eight_pages_and_forty_two_others_buy_ten_units_and_one_is_sold_again()
    {
        await using var shop = await TurnedShop.OpenAsync(WithGuests, hasProvider: false);
        var sale = await shop.NewSaleAsync(new Terms(Units) { OpensIn = TimeSpan.FromMinutes(4) });
        var visitors = await Task.WhenAll(Enumerable.Range(0, Pages + 1).Select(_ => chrome.VisitAsync()));
        try
        {
            await Task.WhenAll(visitors.Select(visitor => visitor.GoAsync(shop.PageOf(sale))));
            await ShowAsync(shop, "the pages counted down", visitors, "countdown");
            await shop.UntilAsync("the pages were ready", () => AllAsync(visitors, IsReadyAsync));

            shop.Clock.Advance(TimeSpan.FromMinutes(4));
            await ShowAsync(shop, "the doors were open", visitors, "open");
            var button = await visitors[0].ButtonAsync();

            var (buyers, onlooker) = (visitors[..Pages], visitors[Pages]);
            var clicks = buyers.Select(buyer => buyer.ActAsync()).ToList();
            await shop.UntilAsync("a page had one", () => AnyAsync(buyers, buyer => buyer.ShowsAsync("reserved")));
            var claims = await Task.WhenAll(Enumerable.Range(0, Others).Select(n => shop.NewBuyer().ClaimAsync(sale)));
            await Task.WhenAll(clicks);
            await shop.UntilAsync("every page was answered", () => AllAsync(buyers, IsAnsweredAsync));
            await ShowAsync(shop, "it was sold out", [onlooker], "sold-out");
            var winners = await WhereAsync(buyers, buyer => buyer.ShowsAsync("reserved"));
            Assert.Equal(Units, winners.Count + claims.Count(claim => claim.Status == 201));
            Assert.Equal(button, await winners[0].ButtonAsync());
            Assert.Equal(button, await onlooker.ButtonAsync());

            await PayAsync(shop, winners[0], sale);
            shop.Clock.Advance(TimeSpan.FromMinutes(10));
            await ShowAsync(shop, "the page lit up again", [onlooker], "open");
            await onlooker.ActAsync();
            await ShowAsync(shop, "it was the onlooker's", [onlooker], "reserved");

            var audit = await shop.AuditAsync(sale);
            Assert.Equal((1, 1), (audit.Number("sold"), audit.Number("reserved")));
            Assert.All(visitors, visitor => Assert.Empty(visitor.Complaints));
        }
        finally
        {
            await Task.WhenAll(visitors.Select(visitor => visitor.DisposeAsync().AsTask()));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task A_device_whose_clock_is_wrong_counts_down_by_the_servers(int minutes)
    {
        await using var shop = await TurnedShop.OpenAsync(WithGuests);
        var sale = await shop.NewSaleAsync(new Terms(1) { OpensIn = TimeSpan.FromMinutes(4) });
        await using var visitor = await chrome.VisitAsync();
        var wrong = TimeSpan.FromMinutes(minutes).TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        await visitor.Page.AddInitScriptAsync(
            $"{{ const right = Date.now; Date.now = () => right() + {wrong}; }}");

        await visitor.GoAsync(shop.PageOf(sale));
        await visitor.UntilAsync("countdown");

        // The server's clock stands still, and the page's goes on from what it said.
        await Waiting.UntilAsync("the time left was the server's", async () =>
            IsBetween("02:00", "04:00", await visitor.FigureAsync()));
        shop.Clock.Advance(TimeSpan.FromMinutes(4));
        await ShowAsync(shop, "the doors were open", [visitor], "open");
        await visitor.ActAsync();
        await ShowAsync(shop, "it was reserved", [visitor], "reserved");
        await Waiting.UntilAsync("the time to pay was the server's", async () =>
            IsBetween("08:00", "10:00", await visitor.FigureAsync()));
    }

    [Fact]
    public async Task Who_waits_with_a_keyboard_keeps_the_button_and_gives_back_by_it()
    {
        await using var shop = await TurnedShop.OpenAsync(WithGuests);
        var sale = await shop.NewSaleAsync(new Terms(1) { OpensIn = TimeSpan.FromMinutes(4) });
        await using var visitor = await chrome.VisitAsync();
        await visitor.GoAsync(shop.PageOf(sale));
        await visitor.UntilAsync("countdown");
        await visitor.Page.Locator(".act").FocusAsync();

        await visitor.Page.Keyboard.PressAsync("Enter");
        Assert.True(await visitor.ShowsAsync("countdown"));
        shop.Clock.Advance(TimeSpan.FromMinutes(4));
        await ShowAsync(shop, "the doors were open", [visitor], "open");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await ShowAsync(shop, "it was reserved", [visitor], "reserved");

        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.Keyboard.PressAsync("Enter");

        // The question has the focus, on the answer that gives nothing up.
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Shift+Tab");
        var sure = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, give it back" });
        await Assertions.Expect(sure).ToBeFocusedAsync();
        await Assertions.Expect(sure).ToBeEnabledAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await ShowAsync(shop, "it could be bought again", [visitor], "open");
        await visitor.Page.GetByText("You gave it back.").WaitForAsync();
        await visitor.IsAccessibleAsync();
    }

    /// <summary>Minutes and seconds are in the order of their letters.</summary>
    private static bool IsBetween(string least, string most, string? figure) =>
        string.CompareOrdinal(figure, least) >= 0 && string.CompareOrdinal(figure, most) <= 0;

    /// <summary>To the checkout, and back to the page of the order, which says that it is paid.</summary>
    private static async Task PayAsync(TurnedShop shop, Visitor visitor, string sale)
    {
        await visitor.ActAsync();
        try
        {
            await shop.UntilAsync("the checkout was there", () => Task.FromResult(
                visitor.Page.Url.Contains("/sandbox/", StringComparison.Ordinal)));
        }
        catch (TimeoutException fault)
        {
            var said = await visitor.Page.Locator(".stage").InnerTextAsync();
            throw new TimeoutException($"{fault.Message} The page says: {said}", fault);
        }

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Back to your order" }).ClickAsync();
        await ShowAsync(shop, "the order was paid", [visitor], "paid");
        await visitor.GoAsync(shop.PageOf(sale));
        await ShowAsync(shop, "the sale's page knew it", [visitor], "paid");
    }

    private static Task ShowAsync(TurnedShop shop, string what, IReadOnlyList<Visitor> visitors, string kind) =>
        shop.UntilAsync(what, () => AllAsync(visitors, visitor => visitor.ShowsAsync(kind)));

    private static async Task<bool> IsReadyAsync(Visitor visitor) =>
        await visitor.Page.GetByText("You are ready.").CountAsync() == 1;

    private static async Task<bool> IsAnsweredAsync(Visitor visitor) =>
        await visitor.ShowsAsync("reserved") || await visitor.ShowsAsync("sold-out");

    private static async Task<bool> AllAsync(IEnumerable<Visitor> visitors, Func<Visitor, Task<bool>> holds)
    {
        foreach (var visitor in visitors)
        {
            if (!await holds(visitor))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<bool> AnyAsync(IReadOnlyList<Visitor> visitors, Func<Visitor, Task<bool>> holds) =>
        (await WhereAsync(visitors, holds)).Count > 0;

    private static async Task<IReadOnlyList<Visitor>> WhereAsync(
        IReadOnlyList<Visitor> visitors, Func<Visitor, Task<bool>> holds)
    {
        var those = new List<Visitor>();
        foreach (var visitor in visitors)
        {
            if (await holds(visitor))
            {
                those.Add(visitor);
            }
        }

        return those;
    }
}
