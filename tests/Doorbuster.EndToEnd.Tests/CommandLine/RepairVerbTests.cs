using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using SQLitePCL;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary>
/// <c>audit --repair</c> and <c>POST /v1/sales/{id}/repair</c>, on a store that somebody changes behind the server's
/// back while it sells.
/// </summary>
public sealed class RepairVerbTests
{
    private const string GiveBack =
        "UPDATE stock SET available = available + 1, reserved = reserved - 1, version = version + 1";

    /// <summary>
    /// What somebody does to the database; the epoch after the repair, 1 where telling the gate suffices, 2 where it is
    /// opened anew; and the units that are left then.
    /// </summary>
    private static readonly (string Tampering, int Epoch, int Available)[] Repairs =
    [
        ("UPDATE orders SET status = 3, revision = 2 WHERE no = 1; " + GiveBack, 1, 4),
        ("UPDATE stock SET quantity = quantity + 2, available = available + 2", 2, 5),
        ("DELETE FROM orders WHERE no = 1; " + GiveBack, 2, 4),
    ];

    [Fact]
    public Task A_gate_that_differs_from_its_store_is_repaired_while_the_sale_goes_on() =>
        SideBySide.RunAsync(Repairs, IsRepairedAsync);

    private static async Task IsRepairedAsync((string Tampering, int Epoch, int Available) repair)
    {
        var (tampering, epoch, available) = repair;
        using var data = new DataDirectory();
        await using var server = await SellAsync(data);
        Tamper(Path.Combine(data.Path, "doorbuster.db"), tampering);
        Assert.Equal(1, (await RunAsync(server, data, "audit", "--sale", "a", "--json")).ExitCode);

        var repaired = await RunAsync(server, data, "audit", "--sale", "a", "--repair", "--json");

        Assert.True(repaired.ExitCode == 0, repaired.ToString());
        var found = JsonSerializer.Deserialize<JsonElement>(repaired.Output);
        Assert.True(found.GetProperty("lawHolds").GetBoolean());
        Assert.Equal(
            (epoch, available),
            (found.GetProperty("epoch").GetInt32(), found.GetProperty("gateAvailable").GetInt32()));
        (await ClaimAsync(server, data, "bert")).Is(200);
        (await ClaimAsync(server, data, "carl")).Is(201);
        Assert.Equal(0, (await RunAsync(server, data, "audit", "--sale", "a")).ExitCode);
    }

    [Fact]
    public async Task What_breaks_the_law_within_the_store_is_not_repaired_and_exits_1()
    {
        using var data = new DataDirectory();
        await using var server = await SellAsync(data);
        Tamper(Path.Combine(data.Path, "doorbuster.db"), GiveBack);

        var repaired = await RunAsync(server, data, "audit", "--sale", "a", "--repair");

        Assert.True(repaired.ExitCode == 1, repaired.ToString());
        Assert.Contains("BROKEN", repaired.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_differs_nothing_is_done_and_only_operators_may_ask()
    {
        using var data = new DataDirectory();
        await using var server = await SellAsync(data);

        var found = (await server.Api.PostAsync("/v1/sales/a/repair", await TokenAsync(data, "--operator"))).Is(200);

        Assert.True(found.Json.GetProperty("lawHolds").GetBoolean());
        Assert.Equal(1, found.Json.GetProperty("epoch").GetInt32());
        Assert.Equal("no-store", found.Header("Cache-Control"));
        (await server.Api.PostAsync("/v1/sales/a/repair", await TokenAsync(data, "--buyer", "anna"))).Is(403);
        (await server.Api.PostAsync("/v1/sales/a/repair")).Is(401);
        (await server.Api.PostAsync("/v1/sales/b/repair", await TokenAsync(data, "--operator")))
            .IsProblem(404, "sale-not-found");
    }

    /// <summary>A server that has sold two of five units, to anna and bert.</summary>
    private static async Task<Server> SellAsync(DataDirectory data)
    {
        var server = await Server.StartAsync(new ServerPlan(data.Path) { HasKeys = false });
        await RunAsync(
            server, data, "sale", "create", "--id", "a", "--title", "T", "--quantity", "5", "--price", "1");
        (await ClaimAsync(server, data, "anna")).Is(201);
        (await ClaimAsync(server, data, "bert")).Is(201);
        return server;
    }

    private static async Task<Answer> ClaimAsync(Server server, DataDirectory data, string buyer)
    {
        var jwt = await TokenAsync(data, "--buyer", buyer);
        var token = (await server.Api.PostAsync("/v1/sales/a/purchase-tokens", jwt)).Is(201).Text("token");
        return await server.Api.PostAsync(
            "/v1/sales/a/orders", null, null, ("Purchase-Token", token), ("Idempotency-Key", "k"));
    }

    private static async Task<string> TokenAsync(DataDirectory data, params string[] of) =>
        (await Executable.RunAsync(["token", .. of, "--data", data.Path])).Output.Trim();

    private static Task<Finished> RunAsync(Server server, DataDirectory data, params string[] arguments) =>
        Executable.RunAsync([.. arguments, "--data", data.Path, "--server", $"{server.Api.Address}"]);

    private static void Tamper(string path, string sql)
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var database));
        using (database)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_busy_timeout(database, 10_000));
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, sql));
        }
    }
}
