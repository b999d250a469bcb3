using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>F09, as an operator sees it: a claim that the database refuses waits among the dead letters.</summary>
public sealed class DeadLetterTests(Cluster cluster) : IClassFixture<Cluster>
{
    private const string DeadLetters = "/v1/dead-letters";

    private static string Operator => Jwt.ForOperator();

    [Fact]
    public async Task F09_a_poisoned_claim_is_listed_and_replayed_or_given_up_and_the_others_are_sold()
    {
        var node = await cluster.StartAsync();
        var sale = await cluster.NewSaleAsync(node, new Terms(5));
        await cluster.Postgres.QueryAsync(
            "ALTER TABLE doorbuster.orders ADD CONSTRAINT poison CHECK (buyer NOT LIKE 'mallory%' OR status = 5)");
        string[] buyers = ["mallory-1", "mallory-2", "mallory-3", "anna"];
        var orders = await Task.WhenAll(buyers.Select(
            async buyer => (await node.Buyer(buyer).ClaimAsync(sale, "k")).Is(202).Text("id")));

        var letters = await UntilListedAsync(node, 3);
        await node.Buyer("anna").UntilStatusAsync(orders[3], "reserved");

        // Page by page: every one once, with all that an operator needs.
        Assert.Equal(letters, await PagedAsync(node));
        Assert.Equal(orders[..3].Select(order => $"{order}.0").Order(), letters.Order());
        var first = (await node.Api.GetAsync($"{DeadLetters}?limit=1", Operator)).Is(200).Json.GetProperty("items")[0];
        Assert.Contains("poison", first.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(sale, first.GetProperty("saleId").GetString());
        Assert.Equal("queued", (await node.Buyer("mallory-1").ReadAsync(orders[0])).Is(200).Text("status"));

        // Until the cause is mended it stays where it is.
        var refused = (await ReplayAsync(node, orders[0])).IsProblem(409, "dead-letter-not-replayable");
        Assert.Contains("poison", refused.Text("reason"), StringComparison.Ordinal);
        await cluster.Postgres.QueryAsync(
            "ALTER TABLE doorbuster.orders DROP CONSTRAINT poison; ALTER TABLE doorbuster.orders "
            + "ADD CONSTRAINT poison CHECK (buyer <> 'mallory-2' OR status = 5)");

        var made = (await ReplayAsync(node, orders[0])).Is(200).Json.GetProperty("order");
        Assert.Equal(
            (orders[0], "reserved", "mallory-1"),
            (made.GetProperty("id").GetString(), made.GetProperty("status").GetString(),
                made.GetProperty("buyerId").GetString()));
        Assert.Equal(
            made.ToString(), (await ReplayAsync(node, orders[0])).Is(200).Json.GetProperty("order").ToString());

        // The others wait for too long, by the word of a node with less patience; that is what their buyers are told.
        await cluster.StartAsync(cluster.Plan(("Doorbuster:Workers:DeadLetterPatience", "00:00:01")));
        await node.Buyer("mallory-2").UntilStatusAsync(orders[1], "rejected");
        Assert.Equal("failed", (await node.Buyer("mallory-2").ReadAsync(orders[1])).Text("reason"));
        Assert.Equal(
            "rejected", (await ReplayAsync(node, orders[1])).Is(200).Json.GetProperty("order").GetProperty("status")
                .GetString());
        await node.Buyer("mallory-3").UntilStatusAsync(orders[2], "rejected");
        Assert.Empty(await PagedAsync(node));
        await Waiting.UntilAsync("the gate had the units again", async () =>
            (await node.Api.GetAsync($"/v1/sales/{sale}/audit", Operator)).Is(200).Json
                .GetProperty("gateAvailable").ToString() == "3");
        var audit = await Audit.OfAsync(node.Api, sale);
        Assert.Equal((3, 2), (audit.Available, audit.Reserved));
    }

    private static Task<Answer> ReplayAsync(Server node, string order) =>
        node.Api.PostAsync($"{DeadLetters}/{order}.0/replay", Operator);

    private static async Task<string[]> UntilListedAsync(Server node, int count)
    {
        string[] listed = [];
        await Waiting.UntilAsync(
            $"{count} dead letters were listed", async () => (listed = await PagedAsync(node)).Length == count);
        return listed;
    }

    private static async Task<string[]> PagedAsync(Server node)
    {
        var ids = new List<string>();
        string? next = null;
        do
        {
            var cursor = next is null ? "" : $"&cursor={next}";
            var page = (await node.Api.GetAsync($"{DeadLetters}?limit=2{cursor}", Operator)).Is(200).Json;
            ids.AddRange(
                page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        return [.. ids];
    }
}
