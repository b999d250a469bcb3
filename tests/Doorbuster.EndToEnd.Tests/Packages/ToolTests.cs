using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Packages;

/// <summary>The executable as a tool of the SDK, which is how most will get it.</summary>
[Collection<OfPackages>]
public sealed class ToolTests(PackageFeed feed)
{
    [Fact]
    public async Task The_tool_is_installed_says_what_it_can_do_and_sells_a_whole_sale()
    {
        var tools = Path.Combine(feed.Workshop, "tools");
        await PackageFeed.DotnetAsync(
            feed.Workshop,
            "tool", "install", "Doorbuster.Cli", "--version", PackageFeed.Version, "--tool-path", tools);
        var doorbuster = Path.Combine(tools, "doorbuster");

        Assert.Contains("serve", await RunAsync(doorbuster, "--help"), StringComparison.Ordinal);
        var demo = await RunAsync(doorbuster, "demo", "--once", "--json", "--quantity", "50", "--buyers", "500");

        var figures = JsonSerializer.Deserialize<JsonElement>(demo);
        Assert.True(figures.GetProperty("lawHolds").GetBoolean());
        Assert.Equal(
            (0, 0), (figures.GetProperty("oversold").GetInt32(), figures.GetProperty("undersold").GetInt32()));
    }

    private static async Task<string> RunAsync(string command, params string[] arguments)
    {
        await using var child = Child.Start(command, arguments, Path.GetTempPath());
        var exitCode = await child.ExitAsync();
        Assert.True(exitCode == 0, $"doorbuster {string.Join(' ', arguments)} ended with {exitCode}. {child}");
        return child.Output;
    }
}
