using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary><c>sale pause</c>, <c>resume</c>, <c>replenish</c> and <c>close</c>.</summary>
public sealed class SaleVerbTests(ShopWithItsOwnKey shop) : IClassFixture<ShopWithItsOwnKey>
{
    [Fact]
    public async Task A_sale_is_paused_resumed_replenished_and_closed()
    {
        var created = await RunAsync(
            "create", "--id", "boots", "--title", "Boots", "--quantity", "5", "--price", "1");
        Assert.True(created.ExitCode == 0, created.ToString());

        Assert.Equal("paused", await StateAsync("pause", "--sale", "boots"));
        Assert.Equal("open", await StateAsync("resume", "--sale", "boots"));
        string[] replenish = ["replenish", "--sale", "boots", "--quantity", "3"];
        Assert.Equal(8, await QuantityAsync([.. replenish, "--request-id", "delivery"]));
        Assert.Equal(8, await QuantityAsync([.. replenish, "--request-id", "delivery"]));
        Assert.Equal(11, await QuantityAsync(replenish));
        Assert.Equal("closed", await StateAsync("close", "--sale", "boots"));
        var shown = await RunAsync("close", "--sale", "boots");
        Assert.True(shown.ExitCode == 0, shown.ToString());
        Assert.Contains("11 of 11", shown.Output, StringComparison.Ordinal);

        var late = await RunAsync("resume", "--sale", "boots");
        Assert.True(late.ExitCode == 1, late.ToString());
        Assert.Contains("over", late.Errors, StringComparison.Ordinal);
        Assert.Empty(late.Output);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume", "--sale", "UPPER")]
    [InlineData("replenish", "--sale", "boots")]
    [InlineData("replenish", "--sale", "boots", "--quantity", "0")]
    public async Task Wrong_usage_exits_2(params string[] arguments)
    {
        var refused = await RunAsync(arguments);

        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Empty(refused.Output);
    }

    [Theory]
    [InlineData("pause", "--sale", "none")]
    [InlineData("replenish", "--sale", "none", "--quantity", "1")]
    public async Task A_sale_that_is_not_there_exits_1(params string[] arguments)
    {
        var failed = await RunAsync(arguments);

        Assert.True(failed.ExitCode == 1, failed.ToString());
        Assert.Contains("There is no such sale", failed.Errors, StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(params string[] arguments) =>
        Executable.RunAsync(["sale", .. arguments, "--server", shop.Address, "--data", shop.Data]);

    private async Task<string> StateAsync(params string[] arguments) =>
        (await SaleAsync(arguments)).GetProperty("state").GetString()!;

    private async Task<int> QuantityAsync(params string[] arguments) =>
        (await SaleAsync(arguments)).GetProperty("quantity").GetInt32();

    private async Task<JsonElement> SaleAsync(string[] arguments)
    {
        var finished = await RunAsync([.. arguments, "--json"]);
        Assert.True(finished.ExitCode == 0, finished.ToString());
        return JsonSerializer.Deserialize<JsonElement>(Assert.Single(finished.Output.TrimEnd('\n').Split('\n')));
    }
}
