using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary>Command lines that mean nothing, and those that ask what there is.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData]
    [InlineData("sell")]
    [InlineData("sale")]
    [InlineData("sale", "sell")]
    [InlineData("serve", "--port", "1")]
    [InlineData("serve", "extra")]
    [InlineData("token")]
    [InlineData("token", "--buyer", "anna", "--operator")]
    [InlineData("token", "--buyer", "")]
    [InlineData("audit")]
    [InlineData("audit", "--sale", "UPPER")]
    [InlineData("audit", "--sale", "a")]
    [InlineData("load", "--sale", "a")]
    [InlineData("load", "--sale", "a", "--buyers", "0")]
    [InlineData("load", "--sale", "a", "--buyers", "1", "--rate", "0")]
    [InlineData("sale", "show", "--sale", "a", "--server", "nowhere")]
    [InlineData("sale", "list", "--token", "a", "--data", "b")]
    [InlineData("sale", "create", "--title", "a", "--quantity", "1.5", "--price", "1")]
    [InlineData("sale", "create", "--title", "a", "--quantity", "1", "--price", "-1")]
    [InlineData("sale", "create", "--title", "a", "--quantity", "1", "--price", "1", "--opens-at", "someday")]
    public async Task Wrong_usage_exits_2_and_says_what_is_wrong(params string[] arguments)
    {
        var refused = await Executable.RunAsync(arguments);

        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Empty(refused.Output);
        Assert.NotEmpty(refused.Errors);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "demo", "serve", "migrate", "sale", "token", "load", "audit")]
    [InlineData("demo --help", "--quantity", "--buyers", "--over", "--json", "--once")]
    [InlineData("serve --help", "--urls", "--data", "--wait-for-lock")]
    [InlineData("sale --help", "create", "list", "show")]
    [InlineData("load --help", "--sale", "--buyers", "--rate", "--json", "--server", "--token", "--data")]
    public async Task Help_says_what_there_is(string command, params string[] words)
    {
        var help = await Executable.RunAsync(command.Split(' '));

        Assert.True(help.ExitCode == 0, help.ToString());
        Assert.All(words, word => Assert.Contains(word, help.Output, StringComparison.Ordinal));
    }
}
