using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Start;

/// <summary>ConnectionStrings:Sqlite says where the order store is; the keys stay in the data directory.</summary>
public sealed class ConnectionStringTests
{
    private const string Setting = "ConnectionStrings:Sqlite";

    [Fact]
    public async Task The_order_store_is_the_file_that_the_connection_string_names()
    {
        using var data = new DataDirectory();
        var file = Path.Combine(data.Path, "a shop", "orders.db");
        var plan = new ServerPlan(Path.Combine(data.Path, "keys"))
        {
            HasKeys = false,
            Settings = new Dictionary<string, string> { [Setting] = $"Data Source=\"{file}\"" },
        };
        for (var start = 0; start < 2; start++)
        {
            await using var server = await Server.StartAsync(plan);
            Assert.Contains(file, server.Log, StringComparison.Ordinal);
            Assert.True(File.Exists(file));
            await server.KillAsync();
        }

        Assert.Equal(["signing-key"], Directory.GetFiles(plan.DataDirectory).Select(Path.GetFileName));
        var migrated = await Executable.RunAsync(["migrate", "--data", plan.DataDirectory], null, plan.Environment);
        Assert.True(migrated.ExitCode == 0 && migrated.Errors.Contains(file), migrated.ToString());
    }

    [Fact]
    public async Task F18_the_lock_is_the_stores_whatever_the_data_directory_and_the_name()
    {
        using var data = new DataDirectory();
        using var other = new DataDirectory();
        await using var first = await Server.StartAsync(new ServerPlan(data.Path));
        var file = Path.Combine(data.Path, "doorbuster.db");
        var link = Path.Combine(other.Path, "link.db");
        File.CreateSymbolicLink(link, file);

        var detour = Path.Combine(data.Path, "..", Path.GetFileName(data.Path), "doorbuster.db");

        foreach (var source in new[] { file, link, detour })
        {
            var plan = new ServerPlan(other.Path)
            {
                Settings = new Dictionary<string, string> { [Setting] = $"Filename={source}" },
            };
            var second = await Executable.RunAsync(plan.CommandLine, environment: plan.Environment);

            Assert.True(second.ExitCode == 1 && second.Errors.Contains(file), second.ToString());
            Assert.Contains("--wait-for-lock", second.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_demo_leaves_the_store_of_the_settings_alone()
    {
        using var data = new DataDirectory();
        var file = Path.Combine(data.Path, "orders.db");
        var environment = new Dictionary<string, string> { ["ConnectionStrings__Sqlite"] = $"Data Source={file}" };

        var demo = await Executable.RunAsync(
            ["demo", "--once", "--quantity", "2", "--buyers", "10"], data.Path, environment);

        Assert.True(demo.ExitCode == 0, demo.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(data.Path));
    }
}
