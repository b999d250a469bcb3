using Doorbuster.AspNetCore.Settings;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Embedding;

/// <summary>Who calls is the host program's word, where it has given one.</summary>
public sealed class HostIdentityTests
{
    private const string Sales = $"{HostProgram.Prefix}/v1/sales";
    private const string Tokens = $"{Sales}/lamp/purchase-tokens";

    private static readonly (string, string) Owner = ("X-User", "owner");
    private static readonly (string, string) Anna = ("X-User", "anna");
    private static readonly string Lamp = new Terms(1) { Id = "lamp" }.ToJson().ToJsonString();

    private static readonly Dictionary<string, string?> SigningKey = new()
    {
        ["Doorbuster:Identity:SigningKey"] = Keys.Signing,
    };

    [Fact]
    public async Task Those_whom_the_host_has_signed_in_buy_and_its_operators_run_sales()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        (await host.Api.PostAsync(Sales, null, Lamp, Anna)).IsProblem(403, "forbidden");
        (await host.Api.PostAsync(Sales, null, Lamp, Owner)).Is(201);
        (await host.Api.PostAsync(Tokens, null, null, Anna)).Is(201);
        (await host.Api.GetAsync($"{Sales}/lamp/audit", null, Anna)).IsProblem(403, "forbidden");
        (await host.Api.GetAsync($"{Sales}/lamp/audit", null, Owner)).Is(200);
    }

    [Fact]
    public async Task Where_the_host_alone_says_who_calls_a_token_says_nothing_and_nobody_is_a_guest()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        var refused = await host.Api.PostAsync(Sales, Jwt.ForOperator(), Lamp);
        refused.IsProblem(401, "unauthenticated");
        Assert.Equal("Session", refused.Header("WWW-Authenticate"));
        (await host.Api.PostAsync($"{HostProgram.Prefix}/v1/guests")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task Beside_the_hosts_sign_in_tokens_count_where_a_key_is_set()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders, SigningKey);

        var nobody = (await host.Api.PostAsync(Sales, null, Lamp)).IsProblem(401, "unauthenticated");
        Assert.Equal("Session", nobody.Header("WWW-Authenticate"));
        var forged = await host.Api.PostAsync(Sales, Jwt.Sign(Jwt.Payload("a"), Keys.Foreign), Lamp);
        Assert.StartsWith("Bearer", forged.IsProblem(401, "unauthenticated").Header("WWW-Authenticate"));
        (await host.Api.PostAsync(Sales, Jwt.ForOperator(), Lamp)).Is(201);
        (await host.Api.PostAsync(Tokens, null, null, Anna)).Is(201);
    }

    [Fact]
    public async Task Without_the_hosts_word_nobody_it_signed_in_is_known_here()
    {
        await using var host = await HostProgram.StartAsync(identity: null, SigningKey);

        (await host.Api.PostAsync(Sales, null, Lamp, Owner)).IsProblem(401, "unauthenticated");
        (await host.Api.PostAsync(Sales, Jwt.ForOperator(), Lamp)).Is(201);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u0007")]
    public async Task A_signed_in_user_whose_id_is_no_buyer_id_buys_nothing(string id)
    {
        await using var host = await HostProgram.StartAsync(new(_ => new(new AspNetCore.Identity.SignedIn(id, true))));
        (await host.Api.PostAsync(Sales, null, Lamp)).Is(201);

        (await host.Api.PostAsync(Tokens)).IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task Guests_whom_no_token_could_name_stop_the_start()
    {
        var guests = new Dictionary<string, string?> { ["Doorbuster:Identity:Guests"] = "true" };

        var refused = await Assert.ThrowsAsync<InvalidSettingsException>(
            () => HostProgram.StartAsync(HostProgram.BelievingHeaders, guests));

        Assert.Contains("Doorbuster:Identity:Guests", refused.Message, StringComparison.Ordinal);
    }
}
