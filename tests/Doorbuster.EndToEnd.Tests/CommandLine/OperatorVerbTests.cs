using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary><c>sale</c>, <c>token</c>, <c>load</c> and <c>audit</c>, against a server that made its own key.</summary>
public sealed class OperatorVerbTests(ShopWithItsOwnKey shop) : IClassFixture<ShopWithItsOwnKey>
{
    private string Data => shop.Data;

    private string Address => shop.Address;

    [Fact]
    public async Task A_sale_is_created_shown_listed_sold_by_a_crowd_and_audited()
    {
        var created = await RunAsync(
            "sale", "create", "--id", "shoes", "--title", "Shoes", "--quantity", "30", "--price", "1999",
            "--currency", "JPY", "--per-buyer-limit", "2", "--payment-window", "5m", "--json", "--data", Data);
        Assert.Equal(
            ("shoes", "Shoes", 30, "PT5M", "open"),
            (Text(created, "id"), Text(created, "title"), Line(created).GetProperty("quantity").GetInt32(),
                Text(created, "paymentWindow"), Text(created, "state")));

        var shown = await RunAsync("sale", "show", "--sale", "shoes", "--json");
        Assert.Equal(30, Line(shown).GetProperty("available").GetInt32());

        var load = await RunAsync("load", "--sale", "shoes", "--buyers", "100", "--json", "--data", Data);
        Assert.Equal(30, Line(load).GetProperty("orders").GetInt32());
        Assert.Equal(70, Line(load).GetProperty("refused").GetProperty("sold-out").GetInt32());
        Assert.True(Line(load).GetProperty("secondsToSellOut").GetDouble() > 0);
        Assert.True(Line(load).GetProperty("claimsPerSecond").GetDouble() > 0);
        Assert.True(Line(load).GetProperty("ordersPerSecond").GetDouble() > 0);
        var latency = Line(load).GetProperty("latencyMs");
        double[] rising =
            [.. new[] { "p50", "p95", "p99", "max" }.Select(part => latency.GetProperty(part).GetDouble())];
        Assert.True(rising[0] > 0);
        Assert.Equal(rising.Order(), rising);

        var listed = await RunAsync("sale", "list", "--json");
        var item = Line(listed).GetProperty("items").EnumerateArray()
            .Single(sale => sale.GetProperty("id").GetString() == "shoes");
        Assert.Equal((0, true), (item.GetProperty("available").GetInt32(), item.GetProperty("soldOut").GetBoolean()));

        var audit = await RunAsync("audit", "--sale", "shoes", "--json", "--data", Data);
        Assert.Equal(30, Line(audit).GetProperty("reserved").GetInt32());
        Assert.True(Line(audit).GetProperty("lawHolds").GetBoolean());
    }

    [Fact]
    public async Task What_is_for_people_is_on_standard_output_too()
    {
        var created = await RunAsync(
            "sale", "create", "--id", "hats", "--title", "Hats [red]", "--quantity", "5", "--price", "1",
            "--data", Data);
        var list = await RunAsync("sale", "list");
        var load = await RunAsync("load", "--sale", "hats", "--buyers", "7", "--rate", "500", "--data", Data);
        var audit = await RunAsync("audit", "--sale", "hats", "--data", Data);

        Assert.Contains("Hats [red]", created.Output, StringComparison.Ordinal);
        Assert.Contains("hats", list.Output, StringComparison.Ordinal);
        Assert.Contains("sold-out", load.Output, StringComparison.Ordinal);
        Assert.Contains("LAW HOLDS", audit.Output, StringComparison.Ordinal);
        Assert.All(new[] { created, list, load, audit }, verb => Assert.DoesNotContain("\u001b[", verb.Output));
    }

    [Fact]
    public async Task A_crowd_without_a_key_comes_as_guests()
    {
        await RunAsync(
            "sale", "create", "--id", "for-guests", "--title", "T", "--quantity", "5", "--price", "1", "--data", Data);

        var load = await RunAsync("load", "--sale", "for-guests", "--buyers", "9", "--json");

        Assert.Equal(5, Line(load).GetProperty("orders").GetInt32());
    }

    [Fact]
    public async Task Tokens_name_a_buyer_or_an_operator_and_stand_in_from_the_environment()
    {
        var buyer = (await RunAsync("token", "--buyer", "anna ä", "--data", Data)).Output.Trim();
        var operators = (await RunAsync("token", "--operator", "--data", Data)).Output.Trim();

        Assert.Equal("anna ä", Jwt.Read(buyer).GetProperty("sub").GetString());
        Assert.Equal("operator", Jwt.Read(operators).GetProperty("role").GetString());
        var environment = new Dictionary<string, string>
        {
            ["DOORBUSTER_SERVER"] = Address,
            ["DOORBUSTER_TOKEN"] = operators,
        };
        string[] create = ["sale", "create", "--title", "T", "--quantity", "5", "--price", "1", "--json"];
        var created = await Executable.RunAsync(create, environment: environment);
        Assert.True(created.ExitCode == 0, created.ToString());
        var refused = await Executable.RunAsync([.. create, "--token", buyer], environment: environment);
        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("403", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
    }

    [Theory]
    [InlineData("sale", "show", "--sale", "none")]
    [InlineData("load", "--sale", "none", "--buyers", "5")]
    [InlineData("audit", "--sale", "none", "--data", "{data}")]
    public async Task What_cannot_be_done_exits_1_and_says_why(params string[] arguments)
    {
        var failed = await Executable.RunAsync(
            [.. arguments.Select(a => a.Replace("{data}", Data, StringComparison.Ordinal)), "--server", Address]);

        Assert.True(failed.ExitCode == 1, failed.ToString());
        Assert.Contains("There is no ", failed.Errors, StringComparison.Ordinal);
        Assert.Empty(failed.Output);
        Assert.DoesNotContain("   at ", failed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var nobody = Loopback.Address(Loopback.NextPort()).ToString();

        var failed = await Executable.RunAsync(["sale", "list", "--server", nobody]);

        Assert.True(failed.ExitCode == 1, failed.ToString());
        Assert.Contains(nobody.TrimEnd('/'), failed.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.Errors, StringComparison.Ordinal);
    }

    private async Task<Finished> RunAsync(params string[] arguments)
    {
        var finished = await Executable.RunAsync(
            arguments[0] == "token" ? arguments : [.. arguments, "--server", Address]);
        Assert.True(finished.ExitCode == 0, $"{string.Join(' ', arguments)}: {finished}");
        return finished;
    }

    private static JsonElement Line(Finished finished) =>
        JsonSerializer.Deserialize<JsonElement>(Assert.Single(finished.Output.TrimEnd('\n').Split('\n')));

    private static string Text(Finished finished, string name) => Line(finished).GetProperty(name).GetString()!;
}
