using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Postgres;

/// <summary>The server and <c>migrate</c> with <c>Doorbuster:Store=postgres</c>, over a real PostgreSQL.</summary>
public sealed class PostgresStoreTests : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private PostgresServer? _postgres;

    private PostgresServer Postgres => _postgres!;

    public async ValueTask InitializeAsync() => _postgres = await PostgresServer.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_server_sells_once_the_schema_is_there_and_goes_on_after_a_kill()
    {
        var behind = await Executable.RunAsync(Plan().CommandLine, environment: Plan().Environment);
        Assert.True(behind.ExitCode == 1 && behind.Errors.Contains("doorbuster migrate"), behind.ToString());
        Assert.DoesNotContain("   at ", behind.Errors, StringComparison.Ordinal);
        await MigrateAsync();
        await MigrateAsync();

        string sale;
        string order;
        await using (var server = await Server.StartAsync(Plan()))
        {
            Assert.Contains($":{Postgres.Port}/postgres, schema doorbuster", server.Log, StringComparison.Ordinal);
            sale = await server.CreateSaleAsync(new Terms(3));
            order = (await server.Buyer("anna").ClaimAsync(sale, "key")).Is(201).Body;
            (await server.Buyer("bert").ClaimAsync(sale)).Is(201);
            await server.KillAsync();
        }

        await using var restarted = await Server.StartAsync(Plan());
        Assert.Equal(order, (await restarted.Buyer("anna").ClaimAsync(sale, "key")).Is(200).Body);
        (await restarted.Buyer("carl").ClaimAsync(sale)).Is(201);
        (await restarted.Buyer("dora").ClaimAsync(sale)).IsProblem(409, "sold-out");
        var feed = (await restarted.Api.GetAsync($"/v1/sales/{sale}/events", Jwt.ForOperator())).Is(200);
        Assert.Equal(3, feed.Json.GetProperty("items").GetArrayLength());
        var end = await Audit.OfAsync(restarted.Api, sale);
        Assert.Equal((0, 3), (end.Available, end.Reserved));
    }

    [Fact]
    public async Task F16_A_database_that_is_killed_and_restarted_under_a_server_is_found_again()
    {
        await MigrateAsync();
        await using var server = await Server.StartAsync(Plan());
        var sale = await server.CreateSaleAsync(new Terms(2));
        var order = (await server.Buyer("anna").ClaimAsync(sale, "key")).Is(201);

        await Postgres.StopAsync();
        (await server.Buyer("bert").ClaimAsync(sale, "key")).IsProblem(503, "busy");
        (await server.Buyer("anna").ReadAsync(order.Text("id"))).IsProblem(503, "busy");
        await Answers.UntilAsync(
            "the server said that it is not ready", () => server.Api.GetAsync("/health/ready"),
            answer => answer.Status == 503 && answer.Body.Contains("PostgreSQL cannot be reached"));
        await Postgres.StartAsync();

        await Answers.UntilAsync(
            "the server sold again",
            () => server.Buyer("bert").ClaimAsync(sale, "key"),
            answer => answer.Status == 201);
        Assert.Equal(order.Body, (await server.Buyer("anna").ClaimAsync(sale, "key")).Is(200).Body);
        (await server.Buyer("carl").ClaimAsync(sale)).IsProblem(409, "sold-out");
        Assert.Equal(2, (await Audit.OfAsync(server.Api, sale)).Reserved);
        await server.ReadyAsync();
    }

    [Fact]
    public async Task F18_A_second_process_is_refused_and_one_that_waits_takes_over()
    {
        await MigrateAsync();
        await using var first = await Server.StartAsync(Plan());
        var sale = await first.CreateSaleAsync(new Terms(2));
        var order = (await first.Buyer("anna").ClaimAsync(sale, "key")).Is(201);

        var second = await Executable.RunAsync(Plan().CommandLine, environment: Plan().Environment);
        Assert.True(second.ExitCode == 1 && second.Errors.Contains("--wait-for-lock"), second.ToString());
        await using var third = Server.Launch(Plan() with { Arguments = ["--wait-for-lock"] });
        await Waiting.UntilAsync("the third waited", () => third.Log.Contains("this one waits"));
        Assert.False(await third.IsReadyAsync());
        await first.KillAsync();
        await third.ReadyAsync();

        Assert.Equal(order.Body, (await third.Buyer("anna").ClaimAsync(sale, "key")).Is(200).Body);
        (await third.Buyer("bert").ClaimAsync(sale)).Is(201);
        Assert.Equal(2, (await Audit.OfAsync(third.Api, sale)).Reserved);
    }

    private async Task MigrateAsync()
    {
        var migrated = await Executable.RunAsync(["migrate", "--data", _data.Path], null, Plan().Environment);
        Assert.True(migrated.ExitCode == 0, migrated.ToString());
        Assert.Contains("schema doorbuster is up to date", migrated.Errors, StringComparison.Ordinal);
    }

    private ServerPlan Plan() => new(_data.Path)
    {
        Settings = new Dictionary<string, string>
        {
            ["Doorbuster:Store"] = "postgres",
            ["ConnectionStrings:Postgres"] = Postgres.ConnectionString,
        },
    };
}
