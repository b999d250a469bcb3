using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Guides;

/// <summary>Every command of a guide is run, in order, and prints what the guide says it does.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task Sell_something_works_as_it_is_written()
    {
        var guide = Guide.Read("sell-something.md");
        await using var postgres = await PostgresServer.StartNewAsync();
        await postgres.QueryAsync("CREATE ROLE shop LOGIN PASSWORD 'secret'");
        await postgres.QueryAsync("CREATE DATABASE shop OWNER shop");
        using var directory = new DataDirectory();
        var tools = Directory.CreateDirectory(Path.Combine(directory.Path, "tools"));
        var doorbuster = Path.Combine(tools.FullName, "doorbuster");
        await File.WriteAllTextAsync(doorbuster, Executable.Wrapper);
        File.SetUnixFileMode(doorbuster, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = Guide.Put(
            guide.Script(),
            ("http://127.0.0.1:8080", Loopback.Address(Loopback.NextPort()).ToString().TrimEnd('/')),
            ("Host=127.0.0.1;Database=shop", $"Host=127.0.0.1;Port={postgres.Port};Database=shop"),
            ("--host 127.0.0.1", $"--host 127.0.0.1 --port {postgres.Port}"));
        var path = Environment.GetEnvironmentVariable("PATH");

        await using var shell = Child.Start(
            "bash", ["-c", script], directory.Path,
            new Dictionary<string, string> { ["PATH"] = $"{tools.FullName}:{path}" });
        var exitCode = await shell.ExitAsync();

        Assert.True(exitCode == 0, $"The guide ended with {exitCode}. {shell}");
        Assert.Equal(guide.Printed, Guide.Split(shell.Output));
    }
}
