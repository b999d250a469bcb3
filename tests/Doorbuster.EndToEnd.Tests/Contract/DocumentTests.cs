using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.EndToEnd.Tests.Embedding;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Contract;

/// <summary>The document describes this server: nothing more, nothing less.</summary>
public sealed class DocumentTests(OpenShop shop)
{
    /// <summary>Calls that the contract has, and that are not served yet.</summary>
    internal static readonly string[] Announced = [];

    private static ApiDocument Document => ApiDocument.CheckedIn;

    [Fact]
    public async Task The_served_document_is_the_one_that_is_checked_in()
    {
        var served = (await shop.Api.GetAsync("/openapi/v1.json")).Is(200);

        Assert.Equal(Document.Text, served.Body);
    }

    [Fact]
    public async Task Below_a_prefix_it_says_so_and_nothing_else_is_different()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        var served = (await host.Api.GetAsync($"{HostProgram.Prefix}/openapi/v1.json")).Is(200);

        Assert.Equal("/flash", served.Json.GetProperty("servers")[0].GetProperty("url").GetString());
        var elsewhere = served.Body.Replace("\"url\": \"/flash\"", "\"url\": \"/\"", StringComparison.Ordinal);
        Assert.Equal(Document.Text, elsewhere);
    }

    [Fact]
    public async Task Every_call_that_is_served_is_described_and_every_other_is_announced()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddDoorbuster();
        await using var app = builder.Build();
        app.MapDoorbuster();

        var served =
            from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            let methods = endpoint.Metadata.GetMetadata<ResourceMethods>()
            where methods is not null && !IsOfSandbox(endpoint) && endpoint.Metadata.GetMetadata<PageMark>() is null
            from method in methods.Allow.Split(", ")
            where method != "HEAD"
            select $"{method} {((RouteEndpoint)endpoint).RoutePattern.RawText}";

        Assert.Equal(Document.Calls.Order(), served.Concat(Announced).Order());
    }

    [Fact]
    public void Every_problem_there_is_is_described_with_its_status_and_no_other()
    {
        var there = Refusals.ByName.Values.Select(kind => (kind.Name, kind.Status));
        var described = Document.Problems.Select(problem => (Name: problem.Type.Split('/')[^1], problem.Status));

        Assert.Equal(there.Order(), described.Order());
    }

    [Fact]
    public void Nothing_refers_to_what_is_not_there_and_nothing_is_there_for_nobody()
    {
        // A method that an address does not know is no call of the document.
        string[] ofNoCall =
        [
            "#/components/schemas/MethodNotAllowedProblem", "#/components/schemas/LiveMessage",
            "#/components/schemas/BoardMessage",
        ];
        var referred = Document.References.ToHashSet();

        Assert.All(referred, reference => Document.Resolve(reference));
        Assert.Empty(Document.ComponentNames.Except(referred).Except(ofNoCall));
    }

    /// <summary>The sandbox stands for a payment provider: its pages are not ours to promise.</summary>
    private static bool IsOfSandbox(Endpoint endpoint) =>
        ((RouteEndpoint)endpoint).RoutePattern.RawText!.StartsWith("/sandbox/", StringComparison.Ordinal);
}
