using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>
/// GET /v1/dead-letters and POST /v1/dead-letters/{id}/replay where gate and store commit together: nothing is ever
/// listed, and everything else is as where there are some.
/// </summary>
public sealed class DeadLetterTests(OpenShop shop)
{
    private const string DeadLetters = "/v1/dead-letters";

    [Fact]
    public async Task There_are_none_where_gate_and_store_commit_together()
    {
        var answer = (await shop.Api.GetAsync(DeadLetters, Jwt.ForOperator())).Is(200);

        Assert.Equal("""{"items":[],"next":null}""", answer.Body);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?cursor=sale.00000000000000000000000000", "cursor")]
    [InlineData("?limit=x&cursor=sale.00000000000000000000000000.-1", "limit", "cursor")]
    public async Task A_part_that_cannot_be_is_refused(string query, params string[] names) =>
        (await shop.Api.GetAsync($"{DeadLetters}{query}", Jwt.ForOperator())).PointsAt(names);

    [Theory]
    [InlineData("nothing")]
    [InlineData("sale.00000000000000000000000000")]
    [InlineData("sale.00000000000000000000000000.0")]
    public async Task What_is_not_there_cannot_be_replayed(string id) =>
        (await ReplayAsync(id, Jwt.ForOperator())).IsProblem(404, "dead-letter-not-found");

    [Fact]
    public async Task What_stands_is_answered_and_not_made_again()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var order = await shop.NewBuyer().OrderAsync(sale);

        var answer = (await ReplayAsync($"{order}.0", Jwt.ForOperator())).Is(200);

        Assert.Equal("reserved", answer.Json.GetProperty("order").GetProperty("status").GetString());
        Assert.Equal(1, (await Audit.OfAsync(shop.Api, sale)).Reserved);
        (await ReplayAsync($"{order}.1", Jwt.ForOperator())).IsProblem(404, "dead-letter-not-found");
    }

    [Fact]
    public async Task They_are_the_operators()
    {
        (await shop.Api.GetAsync(DeadLetters)).IsProblem(401, "unauthenticated");
        (await shop.Api.GetAsync(DeadLetters, shop.NewBuyer().Jwt)).IsProblem(403, "forbidden");
        (await ReplayAsync("nothing", null)).IsProblem(401, "unauthenticated");
        (await ReplayAsync("nothing", shop.NewBuyer().Jwt)).IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task Other_methods_are_refused_with_those_that_are_known()
    {
        var list = (await shop.Api.PostAsync(DeadLetters, Jwt.ForOperator())).IsProblem(405, "method-not-allowed");
        var replay = (await shop.Api.GetAsync($"{DeadLetters}/x/replay", Jwt.ForOperator()))
            .IsProblem(405, "method-not-allowed");

        Assert.Equal(("GET, HEAD", "POST"), (list.Header("Allow"), replay.Header("Allow")));
    }

    private Task<Answer> ReplayAsync(string id, string? token) =>
        shop.Api.PostAsync($"{DeadLetters}/{id}/replay", token);
}
