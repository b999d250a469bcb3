using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Start;

/// <summary>A server that is told no key makes one, says how to use it, and takes guests.</summary>
public sealed class SelfMadeKeyTests
{
    [Fact]
    public async Task A_server_without_keys_makes_one_that_only_its_user_can_read()
    {
        using var data = new DataDirectory();
        var place = Path.Combine(data.Path, "made", "here");
        var plan = new ServerPlan(place) { HasKeys = false };
        await using var server = await Server.StartAsync(plan);

        Assert.Contains("doorbuster token --operator", server.Log, StringComparison.Ordinal);
        var key = File.GetUnixFileMode(Path.Combine(place, "signing-key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, key);
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.GroupRead;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(place) & Others);
        var token = await Executable.RunAsync(["token", "--operator", "--data", place]);
        Assert.Equal((0, ""), (token.ExitCode, token.Errors));
        var terms = new Terms(1).ToJson().ToJsonString();
        (await server.Api.PostAsync("/v1/sales", token.Output.Trim(), terms)).Is(201);
    }

    [Fact]
    public async Task A_guest_buys_and_still_has_the_order_after_a_restart()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path) { HasKeys = false };
        string order;
        string guest;
        await using (var server = await Server.StartAsync(plan))
        {
            var @operator = (await Executable.RunAsync(["token", "--operator", "--data", data.Path])).Output.Trim();
            var terms = new Terms(1) { Id = "for-guests" }.ToJson().ToJsonString();
            (await server.Api.PostAsync("/v1/sales", @operator, terms)).Is(201);
            var made = (await server.Api.PostAsync("/v1/guests")).Is(201);
            Assert.Equal(["token", "buyerId"], made.Json.EnumerateObject().Select(field => field.Name));
            Assert.Equal("no-store", made.Header("Cache-Control"));
            guest = made.Text("token");
            Assert.Equal(made.Text("buyerId"), Jwt.Read(guest).GetProperty("sub").GetString());
            Assert.NotEqual(made.Text("buyerId"), (await server.Api.PostAsync("/v1/guests")).Is(201).Text("buyerId"));
            (await server.Api.PostAsync("/v1/sales", guest, terms)).IsProblem(403, "forbidden");
            order = (await ClaimAsync(server.Api, guest)).Is(201).Body;
            await server.KillAsync();
        }

        await using var restarted = await Server.StartAsync(plan);
        Assert.Equal(order, (await ClaimAsync(restarted.Api, guest)).Is(200).Body);

        static async Task<Answer> ClaimAsync(Api api, string guest)
        {
            var token = (await api.PostAsync("/v1/sales/for-guests/purchase-tokens", guest)).Is(201).Text("token");
            return await api.PostAsync(
                "/v1/sales/for-guests/orders", null, null, ("Purchase-Token", token), ("Idempotency-Key", "mine"));
        }
    }

    [Fact]
    public async Task Guests_are_off_and_on_as_the_settings_say()
    {
        using var data = new DataDirectory();
        await using (var server = await Server.StartAsync(new ServerPlan(data.Path)))
        {
            (await server.Api.PostAsync("/v1/guests")).IsProblem(404, "not-found");
        }

        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string> { ["Doorbuster:Identity:Guests"] = "true" },
        };
        await using var open = await Server.StartAsync(plan);
        (await open.Api.PostAsync("/v1/guests")).Is(201);
    }
}
