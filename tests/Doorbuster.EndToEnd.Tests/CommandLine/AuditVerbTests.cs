using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using SQLitePCL;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary><c>audit</c> on a store that somebody has changed behind the server's back.</summary>
public sealed class AuditVerbTests
{
    private static readonly string[] Tamperings =
    [
        "DELETE FROM orders WHERE no = 1",
        "UPDATE orders SET quantity = 2 WHERE no = 1",
        "UPDATE orders SET status = 2, paid_at_ms = 1, payment_no = 1 WHERE no = 1",
        "UPDATE orders SET buyer = 'bert' WHERE no = 1",
        "UPDATE stock SET quantity = quantity + 1, reserved = reserved + 1",
    ];

    [Fact]
    public Task An_audit_exits_1_where_the_law_is_broken_and_names_what_differs() =>
        SideBySide.RunAsync(Tamperings, IsNamedAsync);

    private static async Task IsNamedAsync(string tampering)
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path) { HasKeys = false };
        await using (var server = await Server.StartAsync(plan))
        {
            await RunAsync("sale", "create", "--id", "a", "--title", "T", "--quantity", "5", "--price", "1");
            foreach (var buyer in new[] { "anna", "bert" })
            {
                var jwt = (await Executable.RunAsync(["token", "--buyer", buyer, "--data", data.Path])).Output.Trim();
                var token = (await server.Api.PostAsync("/v1/sales/a/purchase-tokens", jwt)).Is(201).Text("token");
                (await server.Api.PostAsync("/v1/sales/a/orders", null, null, ("Purchase-Token", token))).Is(201);
            }

            Assert.Equal(0, (await RunAsync("audit", "--sale", "a", "--json")).ExitCode);
            server.Signal(Child.SigTerm);
            Assert.Equal(0, await server.ExitAsync());
        }

        Tamper(Path.Combine(data.Path, "doorbuster.db"), tampering);

        await using var restarted = await Server.StartAsync(plan);
        var audit = await RunAsync("audit", "--sale", "a", "--json");
        Assert.True(audit.ExitCode == 1, audit.ToString());
        var found = JsonSerializer.Deserialize<JsonElement>(audit.Output);
        Assert.False(found.GetProperty("lawHolds").GetBoolean());
        Assert.NotEqual(0, found.GetProperty("differences").GetArrayLength());
        var text = await RunAsync("audit", "--sale", "a");
        Assert.True(text.ExitCode == 1, text.ToString());
        Assert.Contains("BROKEN", text.Output, StringComparison.Ordinal);

        Task<Finished> RunAsync(params string[] arguments) =>
            Executable.RunAsync([.. arguments, "--data", data.Path, "--server", $"{Loopback.Address(plan.Port)}"]);
    }

    private static void Tamper(string path, string sql)
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var database));
        using (database)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, sql));
        }
    }
}
