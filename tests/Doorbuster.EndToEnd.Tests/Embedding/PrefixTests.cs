using Doorbuster.AspNetCore;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Embedding;

/// <summary>Below a prefix is all of Doorbuster, and it knows where it is.</summary>
public sealed class PrefixTests
{
    private static readonly (string, string) Owner = ("X-User", "owner");

    [Theory]
    [InlineData("/flash")]
    [InlineData("/base/flash")]
    public async Task Locations_follow_the_prefix_and_the_hosts_own_base_path(string root)
    {
        await using var host = await HostProgram.StartAsync(
            HostProgram.BelievingHeaders, before: app => app.UsePathBase("/base").UseRouting());
        var terms = new Terms(1) { Id = "lamp" }.ToJson().ToJsonString();

        var sale = (await host.Api.PostAsync($"{root}/v1/sales", null, terms, Owner)).Is(201);
        Assert.Equal($"{root}/v1/sales/lamp", sale.Header("Location"));
        var token = await host.Api.PostAsync($"{root}/v1/sales/lamp/purchase-tokens", null, null, Owner);
        var order = await host.Api.PostAsync(
            $"{root}/v1/sales/lamp/orders", null, "{}", ("Purchase-Token", token.Is(201).Text("token")));

        Assert.Equal($"{root}/v1/orders/{order.Is(201).Text("id")}", order.Header("Location"));
        (await host.Api.GetAsync(order.Header("Location")!, null, Owner)).Is(200);
    }

    [Fact]
    public async Task What_lies_below_the_prefix_is_ours_and_the_rest_is_the_hosts()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        (await host.Api.GetAsync("/flash/health/ready")).Is(200);
        (await host.Api.GetAsync("/flash/problems/sold-out")).Is(200);
        (await host.Api.GetAsync("/flash/nothing/here")).IsProblem(404, "not-found");
        (await host.Api.PostAsync("/flash/health/live")).IsProblem(405, "method-not-allowed");
        Assert.Equal("the host's own", (await host.Api.GetAsync("/own")).Body);
        var elsewhere = await host.Api.GetAsync("/v1/sales");
        Assert.Equal((404, ""), (elsewhere.Status, elsewhere.Body));
    }

    [Fact]
    public void A_group_whose_prefix_no_Location_would_have_is_refused()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Throws<ArgumentException>(() => app.MapGroup("/flash").MapDoorbuster());
    }
}
