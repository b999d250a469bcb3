using Doorbuster.EndToEnd.Tests.Embedding;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.Playwright;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>
/// A click is one order: through a double click, a reload, a lost reply, a second tab, without push, and over a restart
/// of the server. Each buyer may have five, so that a second order would show.
/// </summary>
public sealed class OneOrderTests(OpenShop shop, Chrome chrome)
{
    [Fact]
    public async Task A_double_click_a_reload_and_lost_replies_are_one_order()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        var asked = 0;
        await visitor.Page.RouteAsync($"**/v1/sales/{sale}/orders", async route =>
        {
            // The server decides, and its first two replies are lost.
            await route.FetchAsync();
            await (++asked <= 2 ? route.AbortAsync() : route.ContinueAsync());
        });
        await using (var pushIsAway = await CutPushAsync(visitor))
        {
            await visitor.GoAsync(shop.PageOf(sale, buyer));
            await visitor.UntilAsync("open");
            await visitor.Page.Locator(".act").DblClickAsync();
            await Waiting.UntilAsync("the first reply was lost", () => asked >= 1);
            await visitor.Page.ReloadAsync();
        }

        await visitor.UntilAsync("reserved");

        Assert.Equal(1, await CountAsync(sale, buyer));
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_reply_that_comes_after_the_push_leaves_the_next_click_alone()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        var (goOn, isLate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var asked = 0;
        await visitor.Page.RouteAsync($"**/v1/sales/{sale}/orders", async route =>
        {
            var isFirst = ++asked == 1;
            var reply = await route.FetchAsync();
            await (isFirst ? goOn.Task : Task.CompletedTask);
            await route.FulfillAsync(new() { Response = reply });
            _ = isFirst && isLate.TrySetResult();
        });
        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.UntilAsync("open");

        await visitor.ActAsync();
        await visitor.UntilAsync("reserved");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Give it back" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, give it back" }).ClickAsync();
        await visitor.UntilAsync("open");
        await visitor.ActAsync();
        await visitor.UntilAsync("reserved");
        goOn.SetResult();
        await isLate.Task.WaitAsync(Waiting.Patience);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Give it back" }).WaitForAsync();

        var orders = (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items").EnumerateArray();
        Assert.Equal(["cancelled", "reserved"], orders.Select(order => order.GetProperty("status").GetString()));
        Assert.True(await visitor.ShowsAsync("reserved"));
    }

    [Fact]
    public async Task Who_may_have_several_chooses_how_many_by_keyboard_and_by_touch()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();
        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.UntilAsync("open");
        var number = visitor.Page.GetByRole(AriaRole.Spinbutton, new() { Name = "Quantity" });

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "One more" }).ClickAsync();
        await visitor.OffersAsync("Buy 2 for €39.98");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.OffersAsync("Buy 3 for €59.97");
        await number.PressAsync("ArrowUp");
        await visitor.OffersAsync("Buy 4 for €79.96");
        await number.FillAsync("99");
        await number.BlurAsync();
        await visitor.OffersAsync("Buy 5 for €99.95");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "One fewer" }).PressAsync(" ");
        await visitor.OffersAsync("Buy 4 for €79.96");
        await visitor.IsAccessibleAsync();
        await visitor.FitsAsync(320, 500);

        // A telephone on its side has the button in sight.
        await visitor.FitsAsync(740, 360);
        Assert.InRange((await visitor.Page.Locator(".act").BoundingBoxAsync())!.Y, 0, 360 - 60);

        (await shop.NewBuyer().ClaimAsync(sale, quantity: 2)).Is(201);
        await visitor.OffersAsync("Buy 3 for €59.97");
        await visitor.ActAsync();

        await visitor.UntilAsync("reserved");
        await visitor.OffersAsync("Pay €59.97");
        await visitor.Page.GetByText("3 held for you").WaitForAsync();
        var order = (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items")[0];
        Assert.Equal(3, order.GetProperty("quantity").GetInt32());
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_page_of_an_order_is_told_by_push_and_asks_where_there_is_none()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        var order = await buyer.OrderAsync(sale);
        await using var visitor = await chrome.VisitAsync();
        var isAsked = true;
        await visitor.Page.RouteAsync(
            $"**/v1/orders/{order}", route => isAsked ? route.ContinueAsync() : route.AbortAsync());
        var pushed = new TaskCompletionSource();
        visitor.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => pushed.TrySetResult();
        await visitor.GoAsync(new Uri(shop.Api.Address, $"/o/{order}#token={buyer.Jwt}"));
        await visitor.UntilAsync("reserved");
        await pushed.Task.WaitAsync(Waiting.Patience);

        // Nothing but the push can tell it now.
        isAsked = false;
        var payment = (await buyer.PayAsync(order)).Is(201).Text("paymentId");
        (await shop.Events.CaptureAsync(payment, order)).Is(200);
        await visitor.UntilAsync("paid");

        // And nothing but asking here.
        var other = await buyer.OrderAsync(sale);
        await using var alone = await chrome.VisitAsync();
        await using var pushIsAway = await CutPushAsync(alone);
        await alone.GoAsync(new Uri(shop.Api.Address, $"/o/{other}#token={buyer.Jwt}"));
        await alone.UntilAsync("reserved");
        (await buyer.CancelAsync(other)).Is(200);
        await alone.UntilAsync("cancelled");
    }

    [Fact]
    public async Task The_shops_token_leaves_the_address_and_stays_in_the_tab()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync();

        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.UntilAsync("open");

        Assert.DoesNotContain("#", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Equal(buyer.Jwt, await visitor.Page.EvaluateAsync<string>("sessionStorage.getItem('doorbuster.token')"));
        Assert.DoesNotContain(
            buyer.Jwt, await visitor.Page.EvaluateAsync<string>("JSON.stringify(localStorage)"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_push_a_page_asks_by_itself()
    {
        var (sale, buyer) = (await shop.NewSaleAsync(new Terms(1)), shop.NewBuyer());
        var first = shop.NewBuyer();
        var order = await first.OrderAsync(sale);
        await using var visitor = await chrome.VisitAsync();
        await using var pushIsAway = await CutPushAsync(visitor);
        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.UntilAsync("sold-out");
        await visitor.Page.GetByText("No live connection.").WaitForAsync();

        (await first.CancelAsync(order)).Is(200);
        await visitor.UntilAsync("open");
        await visitor.ActAsync();
        await visitor.UntilAsync("reserved");
        (await buyer.CancelAsync((await OrdersAsync(sale, buyer))[0])).Is(200);

        await visitor.Page.GetByText("You gave it back.").WaitForAsync();
    }

    [Fact]
    public async Task A_page_waits_for_a_server_that_is_started_anew_and_the_dashboard_says_that_it_knows_nothing()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        await using var visitor = await chrome.VisitAsync();
        string sale;
        Buyer buyer;
        Operator comer;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(2) { PerBuyerLimit = 5 });
            buyer = server.Buyer("anna");
            await visitor.GoAsync(new Uri(server.Api.Address, $"/s/{sale}#token={buyer.Jwt}"));
            await visitor.UntilAsync("open");
            comer = await Operator.ComeAsync(chrome, server.Api.Address);
            await comer.SeeAsync(".tile.good", "Every unit is accounted for.");
            await server.KillAsync();
        }

        await using var dashboard = comer;
        await dashboard.SeeAsync(".link.lost", "Connection lost");
        await dashboard.SeeAsync(".tile.bad", "This page has lost the server");
        await dashboard.SeeAsync("main.old .units", "2");
        Assert.Equal(2, await dashboard.Page.Locator(".tile.warn", new() { HasText = "Unknown since" }).CountAsync());
        Assert.Equal(0, await dashboard.Page.Locator(".tile.good").CountAsync());
        Assert.StartsWith("✕", await dashboard.Page.TitleAsync(), StringComparison.Ordinal);
        await dashboard.Visitor.IsAccessibleAsync();
        await visitor.Page.GetByText("No live connection.").WaitForAsync();
        await visitor.ActAsync();
        await visitor.Page.GetByText("The connection is slow.").WaitForAsync();
        await using var again = await Server.StartAsync(plan);
        await visitor.UntilAsync("reserved");

        Assert.Equal(1, await CountAsync(again.Api, sale, buyer));
        await dashboard.SeeAsync(".link.live");
        await dashboard.SeeAsync("main:not(.old) .units", "1");
        await dashboard.SeeAsync(".tile.good", "Every unit is accounted for.");
        await again.Buyer("bert").OrderAsync(sale);
        (await again.Api.OperateAsync(sale, "replenish", """{"quantity":3,"requestId":"more"}""")).Is(200);
    }

    [Fact]
    public async Task Nobody_is_told_to_sign_in_and_a_guest_is_one_guest_in_all_tabs()
    {
        var sale = await NewSaleAsync();
        await using (var stranger = await chrome.VisitAsync())
        {
            await stranger.GoAsync(new Uri(shop.Api.Address, $"/s/{sale}"));
            await stranger.UntilAsync("signed-out");
            await stranger.IsAccessibleAsync();
        }

        await using var open = await TurnedShop.OpenAsync(
            new Dictionary<string, string?> { ["Doorbuster:Identity:Guests"] = "true" });
        var forGuests = await open.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        await using var guest = await chrome.VisitAsync();
        await guest.GoAsync(open.PageOf(forGuests));
        await guest.UntilAsync("open");
        await guest.ActAsync();
        await guest.UntilAsync("reserved");
        IPage[] tabs = [await guest.Device.NewPageAsync(), await guest.Device.NewPageAsync()];
        await tabs[1].BeLateAsync();
        foreach (var tab in tabs)
        {
            await tab.GotoAsync(open.PageOf(forGuests).ToString());
            await tab.Locator("#stage[data-kind=reserved]").WaitForAsync();
        }
    }

    [Fact]
    public async Task In_a_program_of_its_own_the_programs_sign_in_counts_and_each_customer_has_their_own()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);
        var terms = new Terms(5) { Id = "lamp", PerBuyerLimit = 5 }.ToJson().ToJsonString();
        (await host.Api.PostAsync("/flash/v1/sales", null, terms, ("X-User", "owner"))).Is(201);
        await using var visitor = await chrome.VisitAsync();

        // The second customer sits down at the first one's device.
        foreach (var customer in new[] { "anna", "bert" })
        {
            await visitor.Device.SetExtraHTTPHeadersAsync([new("X-User", customer)]);
            await visitor.GoAsync(new Uri(host.Api.Address, "/flash/s/lamp"));
            await visitor.UntilAsync("open");
            await visitor.ActAsync();
            await visitor.UntilAsync("reserved");
            var orders = await host.Api.GetAsync("/flash/v1/orders?saleId=lamp", null, ("X-User", customer));
            Assert.Equal(1, orders.Is(200).Json.GetProperty("items").GetArrayLength());
        }

        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Who_reads_Chinese_reads_Chinese()
    {
        var (sale, buyer) = (await NewSaleAsync(), shop.NewBuyer());
        await using var visitor = await chrome.VisitAsync(Device.Phone with { Language = "zh-CN" });

        await visitor.GoAsync(shop.PageOf(sale, buyer));
        await visitor.Page.GetByText("正在抢购").WaitForAsync();

        Assert.Equal("zh-Hans", await visitor.Page.EvaluateAsync<string>("document.documentElement.lang"));
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await visitor.Page.GetByText("Open now").WaitForAsync();
    }

    [Fact]
    public async Task Without_script_a_sale_can_be_read()
    {
        await using var visitor = await chrome.VisitAsync(Device.Phone with { RunsScripts = false });

        await visitor.GoAsync(new Uri(shop.Api.Address, $"/s/{await NewSaleAsync()}"));

        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "A thing on sale" }).WaitForAsync();
        await visitor.Page.GetByText("€19.99").WaitForAsync();
        await visitor.Page.Locator("#stage time").WaitForAsync();
        Assert.Equal(0, await visitor.Page.GetByRole(AriaRole.Button).CountAsync());
    }

    private Task<string> NewSaleAsync() => shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });

    private Task<int> CountAsync(string sale, Buyer buyer) => CountAsync(shop.Api, sale, buyer);

    private static async Task<int> CountAsync(Api api, string sale, Buyer buyer) =>
        (await api.GetAsync($"/v1/orders?saleId={sale}", buyer.Jwt)).Is(200).Json.GetProperty("items").GetArrayLength();

    private static async Task<IReadOnlyList<string>> OrdersAsync(string sale, Buyer buyer) =>
        [.. (await buyer.OrdersAsync(sale)).Is(200).Json.GetProperty("items").EnumerateArray()
            .Select(order => order.GetProperty("id").GetString()!)];

    /// <summary>Every connection of the push ends at once, until what comes back is disposed of.</summary>
    private static async Task<IAsyncDisposable> CutPushAsync(Visitor visitor)
    {
        var cut = new Cut();
        await visitor.Page.RouteWebSocketAsync("**/live*", socket =>
        {
            if (cut.IsCut)
            {
                socket.CloseAsync();
            }
            else
            {
                socket.ConnectToServer();
            }
        });
        return cut;
    }

    private sealed class Cut : IAsyncDisposable
    {
        public bool IsCut { get; private set; } = true;

        public ValueTask DisposeAsync()
        {
            IsCut = false;
            return ValueTask.CompletedTask;
        }
    }
}
