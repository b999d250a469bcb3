using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>A watcher follows an order through its life, and a sale through its operator's hands.</summary>
public sealed class LiveLifeTests(OpenShop shop)
{
    [Fact]
    public async Task An_order_is_told_at_each_of_its_turns_with_a_higher_revision()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 2 });
        var anna = shop.NewBuyer();
        await using var client = await WatchAsync(sale, anna);

        var cancelled = await anna.OrderAsync(sale);
        (await anna.CancelAsync(cancelled)).Is(200);
        var paid = await anna.OrderAsync(sale);
        (await shop.Events.CaptureAsync($"{paid}.1", paid)).Is(200);
        await client.Log.ForAsync("order", message => StatusOf(message) == "paid");

        Follows(client, cancelled, "reserved", "cancelled");
        Follows(client, paid, "reserved", "paid");
        var last = client.Log.Of("order")[^1].GetProperty("order");
        Assert.Equal(last.GetRawText(), (await anna.ReadAsync(paid)).Is(200).Json.GetRawText());
    }

    [Fact]
    public async Task A_reservation_whose_time_is_over_is_told_without_anybodys_doing()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PaymentWindow = "PT1S" });
        var anna = shop.NewBuyer();
        await using var client = await WatchAsync(sale, anna);

        var order = await anna.OrderAsync(sale);
        await client.Log.ForAsync("order", message => StatusOf(message) == "expired");

        Follows(client, order, "reserved", "expired");
    }

    [Fact]
    public async Task What_comes_back_to_a_sold_out_sale_is_told()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var anna = shop.NewBuyer();
        await using var client = await WatchAsync(sale);

        var order = await anna.OrderAsync(sale);
        await client.Log.ForAsync("sale", message => message.GetProperty("soldOut").GetBoolean());
        (await anna.CancelAsync(order)).Is(200);

        await client.Log.ForAsync("sale", message => message.GetProperty("available").GetInt64() == 1);
        Assert.False(client.Log.Of("sale")[^1].GetProperty("soldOut").GetBoolean());
    }

    [Fact]
    public async Task An_operators_changes_are_told_whole_and_in_order()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        await using var client = await WatchAsync(sale);

        foreach (var what in (string[])["pause", "resume", "close"])
        {
            var changed = (await shop.Api.OperateAsync(sale, what)).Is(200);
            var told = await client.Log.ForAsync(
                "sale", message => message.GetProperty("revision").GetInt64() == changed.Number("revision"));
            var fields = told.EnumerateObject().Where(field => field.Name is not ("type" or "now"));
            Assert.Equal(
                changed.Json.EnumerateObject().Where(field => field.Name != "now").Select(Text), fields.Select(Text));
        }
    }

    [Fact]
    public async Task A_change_of_the_stock_tells_only_what_changes_with_it()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        await using var client = await WatchAsync(sale);

        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);

        var told = await client.Log.ForAsync("sale");
        Assert.Equal(
            ["type", "id", "state", "available", "soldOut", "revision", "now"],
            told.EnumerateObject().Select(field => field.Name));
    }

    private async Task<LiveSocket> WatchAsync(string sale, Buyer? buyer = null)
    {
        (string, string)[] headers = buyer is null ? [] : [("Purchase-Token", await buyer.TokenAsync(sale))];
        var client = await LiveSocket.OpenAsync(shop.Api.Address, $"/v1/sales/{sale}/live", headers);
        await client.Log.ForAsync("snapshot");
        return client;
    }

    private static void Follows(ILiveClient client, string order, params string[] states)
    {
        var told = client.Log.Of("order").Select(message => message.GetProperty("order"))
            .Where(one => one.GetProperty("id").GetString() == order).ToList();
        Assert.Equal(states, told.Select(one => one.GetProperty("status").GetString()));
        var revisions = told.Select(one => one.GetProperty("revision").GetInt64()).ToList();
        Assert.Equal(revisions.Distinct().Order(), revisions);
    }

    private static string? StatusOf(JsonElement message) =>
        message.GetProperty("order").GetProperty("status").GetString();

    private static string Text(JsonProperty field) => $"{field.Name}: {field.Value.GetRawText()}";
}
