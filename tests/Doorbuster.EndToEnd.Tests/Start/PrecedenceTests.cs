using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Start;

/// <summary>Settings come from <c>appsettings.json</c>, the environment and the command line; the later wins.</summary>
public sealed class PrecedenceTests
{
    [Fact]
    public async Task A_later_place_of_settings_wins_over_an_earlier_one()
    {
        using var place = new DataDirectory();
        var fromFile = Path.Combine(place.Path, "file");
        var fromEnvironment = Path.Combine(place.Path, "environment");
        var fromOption = Path.Combine(place.Path, "option");
        await File.WriteAllTextAsync(
            Path.Combine(place.Path, "appsettings.json"),
            $$"""
            {
              "Urls": "http://0.0.0.0:1",
              "Doorbuster": { "DataDirectory": "{{fromFile}}", "Limits": { "MaxSales": 0 } }
            }
            """);
        var environment = new Dictionary<string, string>
        {
            ["Doorbuster__DataDirectory"] = fromEnvironment,
            ["Doorbuster__Limits__MaxSales"] = "1",
        };

        var migrated = await Executable.RunAsync(["migrate"], place.Path, environment);
        var address = Loopback.Address(Loopback.NextPort());
        await using var server = Executable.Start(
            ["serve", "--urls", $"{address}", "--data", fromOption], place.Path, environment);
        using var api = new Api(address);
        await Waiting.UntilAsync(
            "the server said where it serves", () => server.HasExited || server.Errors.Contains($"{address}"));

        Assert.True(migrated.ExitCode == 0, migrated.ToString());
        Assert.True(File.Exists(Path.Combine(fromEnvironment, "doorbuster.db")), migrated.ToString());
        Assert.True(File.Exists(Path.Combine(fromOption, "doorbuster.db")), server.ToString());
        Assert.False(Directory.Exists(fromFile));
        (await api.GetAsync("/health/ready")).Is(200);
    }
}
