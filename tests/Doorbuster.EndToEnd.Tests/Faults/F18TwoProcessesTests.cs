using System.Diagnostics;
using System.Net.Sockets;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>F18: two processes and one data directory.</summary>
public sealed class F18TwoProcessesTests
{
    [Fact]
    public async Task F18_a_second_process_is_refused_with_what_to_do_and_the_first_goes_on()
    {
        using var data = new DataDirectory();
        await using var first = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await first.CreateSaleAsync(new Terms(2));

        var second = await Executable.RunAsync(new ServerPlan(data.Path).CommandLine);
        var migration = await Executable.RunAsync(["migrate", "--data", data.Path]);

        foreach (var refused in new[] { second, migration })
        {
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(data.Path, refused.Errors, StringComparison.Ordinal);
            Assert.Contains("--wait-for-lock", refused.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        }

        (await first.Buyer("anna").ClaimAsync(sale)).Is(201);
    }

    [Fact]
    public async Task F18_a_process_that_waits_for_the_lock_takes_over_once_the_first_is_killed()
    {
        using var data = new DataDirectory();
        var started = Stopwatch.GetTimestamp();
        await using var first = await Server.StartAsync(new ServerPlan(data.Path));
        var startTakes = Stopwatch.GetElapsedTime(started);
        var sale = await first.CreateSaleAsync(new Terms(2));
        var order = (await first.Buyer("anna").ClaimAsync(sale, "key")).Is(201);
        await using var second = Server.Launch(new ServerPlan(data.Path) { Arguments = ["--wait-for-lock"] });
        await Waiting.WhileAsync("the second waits", async () => !await second.IsReadyAsync(), 3 * startTakes);
        (await first.Buyer("anna").ClaimAsync(sale, "key")).Is(200);

        await first.KillAsync();
        await second.ReadyAsync();

        Assert.Equal(order.Body, (await second.Buyer("anna").ClaimAsync(sale, "key")).Is(200).Body);
        (await second.Buyer("bert").ClaimAsync(sale)).Is(201);
        (await second.Buyer("carl").ClaimAsync(sale)).IsProblem(409, "sold-out");
        Assert.Equal(2, (await Audit.OfAsync(second.Api, sale)).Reserved);
    }

    [Fact]
    public async Task F18_a_process_that_waits_ends_in_order_when_it_is_told_to()
    {
        using var data = new DataDirectory();
        await using var first = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await first.CreateSaleAsync(new Terms(1));
        await using var second = Server.Launch(new ServerPlan(data.Path) { Arguments = ["--wait-for-lock"] });
        await Waiting.UntilAsync("the second waited", () => second.Log.Contains("this one waits"));

        second.Signal(Child.SigTerm);

        Assert.True(await second.ExitAsync() == 0, second.Log);
        Assert.DoesNotContain("   at ", second.Log, StringComparison.Ordinal);
        (await first.Buyer("anna").ClaimAsync(sale)).Is(201);
    }

    [Fact]
    public async Task F18_a_lock_that_keeps_nobody_out_is_found_out()
    {
        using var data = new DataDirectory();
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };

        var refused = await Executable.RunAsync(new ServerPlan(data.Path).CommandLine, environment: environment);

        Assert.True(refused.ExitCode == 1, refused.ToString());
        Assert.Contains("DISABLEFILELOCKING", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F18_an_owner_that_was_killed_blocks_nobody()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        for (var round = 0; round < 3; round++)
        {
            await using var server = await Server.StartAsync(plan);
            await server.CreateSaleAsync(new Terms(1) { Id = $"sale-{round}" });
            await server.KillAsync();
            await Assert.ThrowsAsync<SocketException>(() => Wire.ConnectAsync(server.Api.Address));
        }

        await using var last = await Server.StartAsync(plan);
        Assert.Equal(3, (await last.Api.GetAsync("/v1/sales")).Json.GetProperty("items").GetArrayLength());
    }
}
