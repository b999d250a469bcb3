using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Payments;

/// <summary>The sandbox: its pages, and what it makes go wrong; its events come over HTTP like anyone else's.</summary>
public sealed class SandboxTests(OpenShop shop)
{
    [Fact]
    public async Task A_page_pays_without_a_script()
    {
        var (buyer, order, page) = await OpenAsync();

        var shown = await GetPageAsync(page);
        var chosen = await PostPageAsync(page, "outcome=pay");

        Assert.Equal(200, shown.Status);
        Assert.Contains("Pay 19.99 EUR", shown.Body, StringComparison.Ordinal);
        Assert.Contains(order, shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", shown.Body, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", shown.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("no-store", shown.Header("Cache-Control"));
        Assert.Equal(303, chosen.Status);
        var told = await GetPageAsync(chosen.Header("Location")!);
        Assert.Contains("<h1>Paid</h1>", told.Body, StringComparison.Ordinal);
        await buyer.UntilStatusAsync(order, "paid");
    }

    [Fact]
    public async Task A_page_declines_and_the_order_can_still_be_paid()
    {
        var (buyer, order, page) = await OpenAsync();

        var chosen = await PostPageAsync(page, "outcome=decline");

        Assert.Contains(
            "<h1>Declined</h1>", (await GetPageAsync(chosen.Header("Location")!)).Body, StringComparison.Ordinal);
        await buyer.UntilPaymentAsync(order, "failed");
        Assert.Equal($"{order}.2", (await buyer.PayAsync(order)).Is(201).Text("paymentId"));
    }

    [Fact]
    public async Task A_program_pays_with_the_same_form()
    {
        var (buyer, order, page) = await OpenAsync();

        var answer = (await PostAsync(page, "outcome=pay")).Is(202);

        Assert.Equal($"{order}.1", answer.Text("paymentId"));
        Assert.Equal(("pay", 1L), (answer.Text("outcome"), answer.Number("events")));
        await buyer.UntilStatusAsync(order, "paid");
    }

    [Fact]
    public async Task A_link_that_was_not_made_here_leads_nowhere()
    {
        var (_, order, page) = await OpenAsync();
        string[] forged =
        [
            page.Replace("1999-EUR", "1-EUR", StringComparison.Ordinal),
            page.Replace("1999-EUR", "1999-USD", StringComparison.Ordinal),
            page.Replace($"{order}.1", $"{order}.2", StringComparison.Ordinal),
            page[..^1] + (page[^1] == 'A' ? 'B' : 'A'),
            $"/sandbox/payments/{order}.1/1999-EUR/x",
            "/sandbox/payments/a/b/c",
        ];

        foreach (var link in forged)
        {
            Assert.Equal(404, (await GetPageAsync(link)).Status);
            Assert.Equal(404, (await PostPageAsync(link, "outcome=pay")).Status);
            (await PostAsync(link, "outcome=pay")).IsProblem(404, "not-found");
        }
    }

    [Theory]
    [InlineData("", "outcome")]
    [InlineData("outcome=steal", "outcome")]
    [InlineData("outcome=pay&outcome=decline", "outcome")]
    [InlineData("outcome=pay&repeat=11", "repeat")]
    [InlineData("outcome=pay&delay=soon", "delay")]
    [InlineData("outcome=pay&alter=all", "alter")]
    [InlineData("outcome=pay&twice=perhaps", "twice")]
    [InlineData("outcome=pay&url=x", "url")]
    [InlineData("outcome=pay&failevery=1", "failevery")]
    public async Task A_form_that_says_something_else_is_refused(string form, string field)
    {
        var (_, _, page) = await OpenAsync();

        (await PostAsync(page, form)).PointsAt(field);
    }

    [Fact]
    public async Task What_is_written_on_a_page_is_text()
    {
        var answer = await GetPageAsync("/sandbox/payments/%3Cb%3E.1/1999-EUR/%22%3E%3Cscript%3E");

        Assert.Equal(404, answer.Status);
        Assert.DoesNotContain("<script", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outcome=pay&repeat=3")]
    [InlineData("outcome=pay&lose=2")]
    [InlineData("outcome=pay&delay=00:00:00.300")]
    [InlineData("outcome=pay&reorder=on")]
    [InlineData("outcome=pay&reorder=false&reorder=on&repeat=2&lose=1&delay=")]
    public async Task An_order_is_paid_once_whatever_goes_wrong_on_the_way(string form)
    {
        var (buyer, order, page) = await OpenAsync();

        (await PostAsync(page, form)).Is(202);

        var paid = await buyer.UntilStatusAsync(order, "paid");
        Assert.Equal(2, paid.Number("revision"));
        await Waiting.WhileAsync(
            "the order stays paid", async () => (await buyer.ReadAsync(order)).Body == paid.Body,
            TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task F11_a_second_payment_of_the_order_goes_back()
    {
        var (buyer, order, page) = await OpenAsync();

        (await PostAsync(page, "outcome=pay&twice=true")).Is(202);

        await buyer.UntilStatusAsync(order, "paid");
        await Answers.UntilAsync(
            "the second payment was given back",
            () => shop.Events.FailAsync($"second_{order}.1", order),
            answer => answer.Text("status") == "refunded");
        Assert.Equal("captured", (await shop.Events.FailAsync($"{order}.1", order)).Text("status"));
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("currency")]
    public async Task Money_of_another_amount_goes_back(string alteration)
    {
        var (buyer, order, page) = await OpenAsync();

        (await PostAsync(page, $"outcome=pay&alter={alteration}")).Is(202);

        var shown = await buyer.UntilPaymentAsync(order, "refunded");
        Assert.Equal(("reserved", "amount_differs"), (shown.Text("status"), shown.Text("reason")));
    }

    [Fact]
    public async Task Money_for_an_order_that_is_not_there_goes_back()
    {
        var (buyer, order, page) = await OpenAsync();

        (await PostAsync(page, "outcome=pay&alter=order")).Is(202);

        await buyer.UntilPaymentAsync(order, "refunded");
        Assert.Equal("reserved", (await buyer.ReadAsync(order)).Text("status"));
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("time")]
    public async Task A_forged_or_stale_event_pays_nothing(string alteration)
    {
        var (buyer, order, page) = await OpenAsync();

        (await PostAsync(page, $"outcome=pay&alter={alteration}")).Is(202);

        await Waiting.WhileAsync(
            "the order is not paid", async () => (await buyer.ReadAsync(order)).Text("status") == "reserved",
            TimeSpan.FromMilliseconds(500));
        (await PostAsync(page, "outcome=pay")).Is(202);
        await buyer.UntilStatusAsync(order, "paid");
    }

    [Fact]
    public async Task A_link_works_after_a_restart_and_a_plan_of_the_settings_holds_for_all()
    {
        using var data = new DataDirectory();
        string order;
        string page;
        await using (var before = await Server.StartAsync(new ServerPlan(data.Path)))
        {
            var sale = await before.CreateSaleAsync(new Terms(1));
            order = await before.Buyer("anna").OrderAsync(sale);
            page = PathOf((await before.Buyer("anna").PayAsync(order)).Is(201));
        }

        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Payments:Sandbox:Alter"] = "amount",
                ["Doorbuster:Payments:Sandbox:FailEvery"] = "2",
                ["Doorbuster:Payments:Sandbox:Lose"] = "1",
            },
        };
        await using var after = await Server.StartAsync(plan);

        (await PostAsync(after.Api, page, "outcome=pay")).Is(202);
        await after.Buyer("anna").UntilPaymentAsync(order, "refunded");
        var next = await after.Buyer("anna").PayAsync(order);
        if (next.Status == 503)
        {
            next = (await after.Buyer("anna").PayAsync(order)).Is(200);
        }

        (await PostAsync(after.Api, PathOf(next), "outcome=pay&alter=none")).Is(202);
        await after.Buyer("anna").UntilStatusAsync(order, "paid");
    }

    [Fact]
    public async Task Where_another_takes_the_money_there_is_no_sandbox()
    {
        await using var other = await TurnedShop.OpenAsync();

        (await other.Api.GetAsync("/sandbox/payments/a/b/c")).IsProblem(404, "not-found");
        (await PostAsync(other.Api, "/sandbox/payments/a/b/c", "outcome=pay")).IsProblem(404, "not-found");
    }

    private static string PathOf(Answer payment) => new Uri(payment.Text("checkoutUrl")).AbsolutePath;

    private async Task<(Buyer Buyer, string Order, string Page)> OpenAsync()
    {
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(await shop.NewSaleAsync(new Terms(1)));
        return (buyer, order, PathOf((await buyer.PayAsync(order)).Is(201)));
    }

    private Task<Answer> GetPageAsync(string path) => shop.Api.GetAsync(path, headers: ("Accept", "text/html,*/*"));

    private Task<Answer> PostPageAsync(string path, string form) => PostAsync(shop.Api, path, form, "text/html,*/*");

    private Task<Answer> PostAsync(string path, string form) => PostAsync(shop.Api, path, form);

    private static Task<Answer> PostAsync(Api api, string path, string form, string accept = "application/json") =>
        api.SendAsync(new Call(HttpMethod.Post, path)
        {
            Body = form,
            ContentType = "application/x-www-form-urlencoded",
            Headers = [("Accept", accept)],
        });
}
