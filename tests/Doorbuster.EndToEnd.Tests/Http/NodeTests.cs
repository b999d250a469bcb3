using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/nodes where one process owns its store.</summary>
public sealed class NodeTests(OpenShop shop)
{
    private const string Nodes = "/v1/nodes";

    [Fact]
    public async Task One_process_lists_itself()
    {
        var answer = await Answers.UntilAsync(
            "the node said that it is ready", () => shop.Api.GetAsync(Nodes, Jwt.ForOperator()),
            answer => answer.Json.GetProperty("items") is var items && items.GetArrayLength() == 1
                && items[0].GetProperty("ready").GetBoolean());

        var node = answer.Is(200).Json.GetProperty("items")[0];
        Assert.Equal("live", node.GetProperty("status").GetString());
        Assert.Equal("""["api","worker"]""", node.GetProperty("roles").GetRawText());
        Assert.Equal("null", node.GetProperty("lagMs").GetRawText());
        Assert.Equal("[]", node.GetProperty("reasons").GetRawText());
        Assert.EndsWith($"/{shop.Server.ProcessId}", node.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.True(node.GetProperty("startedAt").GetDateTime() <= node.GetProperty("seenAt").GetDateTime());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?limit=-1&cursor=-", "limit", "cursor")]
    public async Task A_part_that_cannot_be_is_refused(string query, params string[] names) =>
        (await shop.Api.GetAsync($"{Nodes}{query}", Jwt.ForOperator())).PointsAt(names);

    [Fact]
    public async Task The_list_is_the_operators_and_only_to_be_read()
    {
        (await shop.Api.GetAsync(Nodes)).IsProblem(401, "unauthenticated");
        (await shop.Api.GetAsync(Nodes, shop.NewBuyer().Jwt)).IsProblem(403, "forbidden");
        var post = (await shop.Api.PostAsync(Nodes, Jwt.ForOperator())).IsProblem(405, "method-not-allowed");
        Assert.Equal("GET, HEAD", post.Header("Allow"));
    }
}
