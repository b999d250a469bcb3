using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.CommandLine;

/// <summary><c>migrate</c>.</summary>
public sealed class MigrateTests
{
    [Fact]
    public async Task A_store_is_made_once_and_then_left_as_it_is()
    {
        using var data = new DataDirectory();
        for (var run = 0; run < 2; run++)
        {
            var migrated = await Executable.RunAsync(["migrate", "--data", data.Path]);

            Assert.True(migrated.ExitCode == 0, migrated.ToString());
            Assert.Empty(migrated.Output);
            Assert.Contains(data.Path, migrated.Errors, StringComparison.Ordinal);
        }

        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        await server.CreateSaleAsync(new Terms(1));
    }

    [Fact]
    public async Task A_store_with_orders_keeps_them()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        string sale;
        string order;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(2));
            order = (await server.Buyer("anna").ClaimAsync(sale, "key")).Is(201).Body;
            await server.KillAsync();
        }

        Assert.Equal(0, (await Executable.RunAsync(["migrate", "--data", data.Path])).ExitCode);

        await using var restarted = await Server.StartAsync(plan);
        Assert.Equal(order, (await restarted.Buyer("anna").ClaimAsync(sale, "key")).Is(200).Body);
    }
}
