using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Embedding;

/// <summary>Doorbuster's rules for foreign pages are its endpoints' alone, and leave the host its own.</summary>
public sealed class CorsTests
{
    private const string Shop = "https://shop.example.com";
    private const string Sales = $"{HostProgram.Prefix}/v1/sales";

    private static readonly (string, string) From = ("Origin", Shop);

    private static readonly Call Preflight = new(HttpMethod.Options, Sales)
    {
        Headers = [From, ("Access-Control-Request-Method", "POST")],
    };

    [Fact]
    public async Task Origins_that_are_set_count_below_the_prefix_and_nowhere_else()
    {
        var origins = new Dictionary<string, string?> { ["Doorbuster:Cors:Origins:0"] = Shop };
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders, origins);

        Assert.Equal(Shop, (await host.Api.GetAsync(Sales, null, From)).Header("Access-Control-Allow-Origin"));
        Assert.Equal(204, (await host.Api.SendAsync(Preflight)).Status);
        var own = await host.Api.GetAsync("/own", null, From);
        Assert.Null(own.Header("Access-Control-Allow-Origin"));
        Assert.Null(own.Header("Vary"));
    }

    [Fact]
    public async Task Without_origins_nothing_is_granted_and_nothing_varies()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        var answer = (await host.Api.GetAsync(Sales, null, From)).Is(200);

        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Vary"));
        (await host.Api.SendAsync(Preflight)).IsProblem(405, "method-not-allowed");
    }

    [Fact]
    public async Task Without_origins_the_hosts_own_rules_count_here_too()
    {
        await using var host = await HostProgram.StartAsync(
            HostProgram.BelievingHeaders,
            configure: services => services.AddCors(cors => cors.AddDefaultPolicy(
                policy => policy.WithOrigins(Shop).WithHeaders("purchase-token"))),
            before: app => app.UseCors());

        Assert.Equal(Shop, (await host.Api.GetAsync(Sales, null, From)).Header("Access-Control-Allow-Origin"));
        var preflight = await host.Api.SendAsync(Preflight);
        Assert.Equal(204, preflight.Status);
        Assert.Equal("purchase-token", preflight.Header("Access-Control-Allow-Headers"));
    }
}
