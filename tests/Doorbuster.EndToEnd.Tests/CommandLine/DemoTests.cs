using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary><c>demo</c>: the first thing that anyone types.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task A_demo_sells_exactly_its_quantity_and_says_so_on_one_line()
    {
        var demo = await Executable.RunAsync(["demo", "--once", "--json", "--quantity", "50", "--buyers", "500"]);

        Assert.True(demo.ExitCode == 0, demo.ToString());
        var line = Assert.Single(demo.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var figures = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.Equal(
            [
                "quantity", "buyers", "reserved", "paid", "sold", "refused", "oversold", "undersold", "lawHolds",
                "claimsPerSecond", "ordersPerSecond", "latencyMs", "secondsToSellOut",
            ],
            figures.EnumerateObject().Select(figure => figure.Name));
        Assert.Equal((50, 500, 0), (Whole("quantity"), Whole("buyers"), Whole("reserved")));
        Assert.Equal((50, 50, 0, 0), (Whole("paid"), Whole("sold"), Whole("oversold"), Whole("undersold")));
        Assert.True(figures.GetProperty("lawHolds").GetBoolean());
        Assert.Equal(450, figures.GetProperty("refused").GetProperty("sold-out").GetInt32());
        Assert.True(figures.GetProperty("claimsPerSecond").GetDouble() > 0);
        Assert.True(figures.GetProperty("ordersPerSecond").GetDouble() > 0);
        Assert.True(figures.GetProperty("secondsToSellOut").GetDouble() > 0);
        var latency = figures.GetProperty("latencyMs");
        string[] names = ["p50", "p95", "p99", "max"];
        var percentiles = names.Select(name => latency.GetProperty(name).GetDouble()).ToList();
        Assert.Equal(percentiles.Order(), percentiles);
        Assert.NotEmpty(demo.Errors);

        int Whole(string name) => figures.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_demo_for_people_begins_with_the_addresses_and_ends_with_the_law()
    {
        var demo = await Executable.RunAsync(["demo", "--once", "--quantity", "20", "--buyers", "100"]);

        Assert.True(demo.ExitCode == 0, demo.ToString());
        Assert.Matches("^buyers +http://127\\.0\\.0\\.1:[0-9]+/s/demo\n", demo.Errors);
        Assert.Matches("operator +http://127\\.0\\.0\\.1:[0-9]+/operator signs in with this token:\ney", demo.Errors);
        Assert.Contains("THE LAW", demo.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\u001b[", demo.Output, StringComparison.Ordinal);
        Assert.Matches("20 = 0 available \\+ 0 reserved \\+ 20 sold", demo.Output);
        Assert.Matches("expired +[1-9]", demo.Output);
    }

    [Fact]
    public async Task Buyers_who_all_get_one_buy_what_some_of_them_never_paid()
    {
        var demo = await Executable.RunAsync(["demo", "--once", "--json", "--quantity", "20", "--buyers", "20"]);

        Assert.True(demo.ExitCode == 0, demo.ToString());
        var figures = JsonSerializer.Deserialize<JsonElement>(demo.Output);
        Assert.Equal(
            (20, 20, 0),
            (figures.GetProperty("paid").GetInt32(), figures.GetProperty("sold").GetInt32(),
                figures.GetProperty("reserved").GetInt32()));
    }

    [Fact]
    public async Task A_demo_stays_up_until_it_is_told_to_end_and_leaves_nothing_behind()
    {
        using var temporary = new DataDirectory();
        await using var demo = Executable.Start(
            ["demo", "--quantity", "20", "--buyers", "100", "--over", "100ms"], temporary.Path,
            new Dictionary<string, string> { ["TMPDIR"] = temporary.Path });
        await Waiting.UntilAsync("the demo stayed up", () => demo.Errors.Contains("stays up"));
        var address = demo.Errors.Split(' ', '\n').First(word => word.StartsWith("http:", StringComparison.Ordinal));
        using var api = new Api(new Uri(address));
        Assert.True((await api.GetAsync("/v1/sales/demo")).Is(200).Json.GetProperty("soldOut").GetBoolean());
        (await api.PostAsync("/v1/guests")).Is(201);
        Assert.Equal(200, (await api.GetAsync("/s/demo")).Status);
        (await api.GetAsync("/v1/sales/encore")).Is(200);
        Assert.Contains("/s/encore opens in ", demo.Errors, StringComparison.Ordinal);

        demo.Signal(Child.SigTerm);

        Assert.Equal(0, await demo.ExitAsync());
        Assert.Empty(Directory.GetDirectories(temporary.Path, "doorbuster-demo-*"));
    }

    [Theory]
    [InlineData("--quantity", "50", "--buyers", "49")]
    [InlineData("--quantity", "0")]
    [InlineData("--quantity", "-1")]
    [InlineData("--quantity", "many")]
    [InlineData("--buyers", "0")]
    [InlineData("--over", "soon")]
    [InlineData("--once", "--over", "15s")]
    public async Task A_demo_that_cannot_be_is_refused_at_once(params string[] arguments)
    {
        var demo = await Executable.RunAsync(["demo", .. arguments]);

        Assert.True(demo.ExitCode == 2, demo.ToString());
        Assert.Empty(demo.Output);
        Assert.Contains(arguments[^2], demo.Errors, StringComparison.Ordinal);
    }
}
