using System.Text.Json;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>One transition, as the feed tells it.</summary>
internal sealed record FeedItem(
    long No, string Type, DateTimeOffset At, string? OrderId, string? PaymentId, long? Revision, int? Quantity);

/// <summary>Reads a sale's feed of transitions as a shop would.</summary>
internal static class Feed
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Every transition after one of them, in parts of this size.</summary>
    public static async Task<IReadOnlyList<FeedItem>> ReadAsync(Api api, string sale, int limit, long after = 0)
    {
        var items = new List<FeedItem>();
        for (long? next = after; next is not null;)
        {
            var answer = await api.GetAsync($"/v1/sales/{sale}/events?after={next}&limit={limit}", Jwt.ForOperator());
            var part = answer.Is(200).Json;
            var found = part.GetProperty("items").Deserialize<List<FeedItem>>(Web)!;
            next = part.GetProperty("next").Deserialize<long?>();
            Assert.InRange(found.Count, next is null ? 0 : limit, limit);
            Assert.True(next is null || next == found[^1].No, answer.ToString());
            items.AddRange(found);
        }

        return items;
    }

    /// <summary>
    /// Holds the feed against the orders: each is in it, its last transition is its status (late money that asks for an
    /// expired one leaves it expired), its revisions grow by one, and its units are its quantity.
    /// </summary>
    public static async Task AgreesAsync(Api api, IReadOnlyList<FeedItem> feed)
    {
        foreach (var ofOrder in feed.Where(item => item.OrderId is not null).GroupBy(item => item.OrderId))
        {
            var order = (await api.GetAsync($"/v1/orders/{ofOrder.Key}", Jwt.ForOperator())).Is(200);
            var own = ofOrder.Where(item => item.Type.StartsWith("order.", StringComparison.Ordinal)).ToList();
            Assert.Equal($"order.{order.Text("status")}", own.Last(item => item.Type != "order.reviving").Type);
            Assert.Equal(order.Number("revision"), own[^1].Revision);
            Assert.Equal(Enumerable.Range(1, own.Count).Select(n => (long?)n), own.Select(item => item.Revision));
            Assert.All(ofOrder, item => Assert.Equal((int)order.Number("quantity"), item.Quantity));
        }
    }
}
