using System.Text.Json.Nodes;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>The operator's dashboard in a real browser.</summary>
public sealed class OperatorTests(OpenShop shop, Chrome chrome)
{
    /// <summary>Where pictures are put to be looked at; nobody looks where null.</summary>
    private static readonly string? Album = Environment.GetEnvironmentVariable("DOORBUSTER_ALBUM");

    private Uri Server => shop.Api.Address;

    [Fact]
    public async Task Who_signs_in_is_told_clearly_what_is_wrong_with_a_token()
    {
        await using var comer = await Operator.ComeAsStrangerAsync(chrome, Server);
        await comer.SeeAsync("h1", "Operator’s sign-in");
        await comer.Visitor.IsAccessibleAsync();

        var hour = new JsonObject { ["role"] = "operator", ["exp"] = 1_000_000_000 };
        await SaysAsync("", "Paste a token first.");
        await SaysAsync("nonsense", "This is no token");
        await SaysAsync(Jwt.Sign(Jwt.Payload("o", hour)), "This token expired");
        await SaysAsync(shop.NewBuyer().Jwt, "This token is a buyer’s");
        await SaysAsync($"{Jwt.ForOperator()}x", "The server does not accept this token");
        await comer.HandOverAsync(Jwt.ForBuyer("anna"));
        await comer.SeeAsync(".fault", "This token is a buyer’s");

        await comer.Page.Locator("#token").FillAsync(Jwt.ForOperator());
        await comer.PressAsync("Sign in");
        await comer.SeeAsync(".link.live");

        // A tab that is loaded again stays signed in; a token that an address handed over is not in it any more.
        await comer.Page.ReloadAsync();
        await comer.SeeAsync(".link.live");
        Assert.DoesNotContain("token", comer.Page.Url, StringComparison.Ordinal);
        await comer.PressAsync("Sign out");
        await comer.Page.ReloadAsync();
        await comer.SeeAsync("h1", "Operator’s sign-in");
        Assert.Empty(comer.Visitor.Complaints);

        async Task SaysAsync(string token, string fault)
        {
            await comer.Page.Locator("#token").FillAsync(token);
            await comer.PressAsync("Sign in");
            await comer.SeeAsync(".fault", fault);
        }
    }

    [Fact]
    public async Task A_sale_is_created_changed_and_turned_by_the_page_each_time_after_a_question()
    {
        var id = shop.Name("by-page");
        await using var comer = await Operator.ComeAsync(chrome, Server, "#/new");
        await comer.TypeAsync("price", "1.999");
        await comer.SeeAsync("#field-price-fault", "2 digits at most");
        await comer.PressAsync("Create the sale");
        await comer.SeeAsync("#field-title-fault", "1 to 200 characters");
        await comer.Visitor.FitsAsync(320, 600);
        await comer.Visitor.FitsAsync(1280, 800);
        Assert.Equal("field-title", await comer.Page.EvaluateAsync<string>("document.activeElement.id"));
        await comer.Visitor.IsAccessibleAsync();

        // What the server alone knows is said at the field too.
        await comer.TypeAsync("title", "By the page");
        await comer.TypeAsync("price", "19.99");
        await comer.TypeAsync("quantity", "40");
        await comer.TypeAsync("opensAt", "2026-01-01T12:00:30");
        await comer.TypeAsync("id", await shop.NewSaleAsync(new Terms(1)));
        await comer.PressAsync("Create the sale");
        await comer.SeeAsync("#field-id-fault", "There is a sale of this id already.");
        await comer.TypeAsync("id", id);
        await comer.PressAsync("Create the sale");
        await comer.SeeAsync(".detail h2", "By the page");
        var created = (await shop.Api.SaleAsync(id)).Is(200);
        Assert.Equal((40, "open"), (created.Number("quantity"), created.Text("state")));
        Assert.Equal("2026-01-01T11:00:30.000Z", created.Text("opensAt"));
        Assert.Equal(1999, created.Json.GetProperty("price").GetProperty("amount").GetInt64());

        await comer.SeeAsync(".detail .chip", "Open");
        await comer.PressAsync("Pause", "Cancel");
        Assert.Equal("open", (await shop.Api.SaleAsync(id)).Text("state"));
        await comer.PressAsync("Pause", "Pause");
        await comer.SeeAsync(".detail .chip", "Paused");
        await comer.PressAsync("Resume", "Resume");
        await comer.SeeAsync(".detail .chip", "Open");
        await comer.PressAsync("Add units", "Add units", "7");
        await comer.SeeAsync(".detail .units", "47");
        Assert.Equal(47, (await shop.Api.SaleAsync(id)).Number("quantity"));

        await comer.Page.Locator("[data-act=edit]").ClickAsync();
        await comer.TypeAsync("title", "By the page, again");
        Assert.True(await comer.Page.Locator("#field-price").IsDisabledAsync(), "The price of an open sale is fixed.");
        await comer.PressAsync("Save");
        await comer.SeeAsync(".detail h2", "By the page, again");
        await comer.PressAsync("Close", "Close");
        await comer.SeeAsync(".detail .chip", "Closed");
        Assert.Equal("closed", (await shop.Api.SaleAsync(id)).Text("state"));
        Assert.Empty(comer.Visitor.Complaints);
    }

    [Theory]
    [InlineData("phone-light")]
    [InlineData("desk-dark")]
    public async Task While_load_buys_the_page_shows_it_and_in_the_end_what_the_audit_says(string name)
    {
        var device = name.StartsWith("phone", StringComparison.Ordinal) ? Device.Phone : Device.Desktop;
        var sale = await shop.NewSaleAsync(new Terms(60));
        await using var comer = await Operator.ComeAsync(
            chrome, Server, $"#/sales/{sale}", name.EndsWith("dark", StringComparison.Ordinal) ? device.Dark : device);
        await comer.SeeAsync(".detail .units", "60");
        await comer.SeeAsync(".tile", "Is it selling?");

        using var data = new DataDirectory();
        var owner = shop.NewBuyer();
        var order = await owner.OrderAsync(sale);
        var payment = (await owner.PayAsync(order)).Is(201).Text("paymentId");
        (await shop.Events.CaptureAsync(payment, order)).Is(200);
        var load = Executable.RunAsync(
            [
                "load", "--sale", sale, "--buyers", "150", "--rate", "100", "--json", "--server", $"{Server}",
                "--data", data.Path,
            ],
            environment: new Dictionary<string, string> { ["Doorbuster__Identity__SigningKey"] = Keys.Signing });
        await comer.SeeAsync(".tile.good", "claims a second are admitted.");
        var crowd = await load;
        Assert.True(crowd.ExitCode == 0, crowd.ToString());
        Assert.Contains("\"orders\":59", crowd.Output, StringComparison.Ordinal);

        await comer.PressAsync("Audit now");
        await comer.SeeAsync(".law.good", "no difference");
        var audit = await Audit.OfAsync(shop.Api, sale);
        Assert.Equal((60, 0, 59, 1), (audit.Quantity, audit.Available, audit.Reserved, audit.Sold));
        await comer.SeeAsync(
            ".law .sum",
            $"{audit.Quantity} = {audit.Available} available + {audit.Reserved} reserved + {audit.Sold} sold");
        Assert.Equal(
            [$"{audit.Sold}", $"{audit.Reserved}", $"{audit.Available}"],
            await comer.Page.Locator(".detail .units > div:not([hidden]) dd").AllInnerTextsAsync());
        await comer.SeeAsync(".plot .legend", "Sold out");
        await comer.SeeAsync(".tile.good", "Every unit is accounted for.");
        await ShootAsync(comer, $"operator-{name}");

        var table = await comer.Page.RunAndWaitForDownloadAsync(() => comer.PressAsync("Orders as CSV"));
        var lines = await File.ReadAllLinesAsync(await table.PathAsync());
        Assert.Equal(61, lines.Length);
        Assert.Contains(lines, line => line.StartsWith($"{order},paid,1,", StringComparison.Ordinal));
        await comer.GoAsync("#/nodes");
        await comer.SeeAsync("table", $"/{shop.Server.ProcessId}");
        await ShootAsync(comer, $"operator-nodes-{name}");
        Assert.Empty(comer.Visitor.Complaints);
    }

    [Fact]
    public async Task It_speaks_Chinese_to_who_asks_for_it()
    {
        await using var comer = await Operator.ComeAsync(chrome, Server);

        await comer.Page.Locator("a.language").First.ClickAsync();

        await comer.SeeAsync(".tile", "有卡住的吗？");
        Assert.Equal("zh-CN", await comer.Page.GetAttributeAsync("html", "lang"));
        await comer.Visitor.IsAccessibleAsync();
    }

    private static async Task ShootAsync(Operator comer, string name)
    {
        if (Album is not null)
        {
            await comer.Page.ScreenshotAsync(new() { Path = Path.Combine(Album, $"{name}.png"), FullPage = true });
        }

        await comer.Visitor.IsAccessibleAsync();
    }
}
