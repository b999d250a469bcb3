using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Payments;

/// <summary><c>POST /v1/payment-events</c>: who is believed, and what is understood.</summary>
public sealed class PaymentEventTests(OpenShop shop)
{
    /// <summary>Events that are not genuine, each made from one that is.</summary>
    public static TheoryData<string> NotGenuine =>
    [
        "no id", "no time", "no signature", "another key", "another body", "another id", "another time", "no version",
        "too old", "too new", "two ids", "garbage", "nothing signed",
    ];

    /// <summary>What is wrong in a body, and where.</summary>
    public static TheoryData<string, string[]> Unreadable => new()
    {
        { """{}""", ["#/type", "#/timestamp", "#/data"] },
        { """[]""", ["#"] },
        { """{"type":"payment.lost"}""", ["#/timestamp", "#/data"] },
        { Right with { Type = "payment.lost" }, ["#/type"] },
        { Right with { Type = "PAYMENT.CAPTURED" }, ["#/type"] },
        { Right with { Timestamp = "yesterday" }, ["#/timestamp"] },
        { Right with { Timestamp = "2026-01-01T00:00:00" }, ["#/timestamp"] },
        { Right with { More = ",\"id\":1" }, ["#/id"] },
        { Right with { MoreData = ",\"fee\":1" }, ["#/data/fee"] },
        { Right with { Payment = "" }, ["#/data/paymentId"] },
        { Right with { Payment = new string('p', 201) }, ["#/data/paymentId"] },
        { Right with { Payment = "a\\u0000b" }, ["#/data/paymentId"] },
        { Right with { Order = "" }, ["#/data/orderId"] },
        { Right with { Amount = "-1" }, ["#/data/amount/amount"] },
        { Right with { Amount = "19.99" }, ["#/data/amount/amount"] },
        { Right with { Amount = "9223372036854775808" }, ["#/data/amount/amount"] },
        { Right with { Currency = "eur" }, ["#/data/amount/currency"] },
        { Right with { Currency = "EURO" }, ["#/data/amount/currency"] },
    };

    [Fact]
    public async Task A_capture_pays_its_order_and_a_repeat_is_answered_the_same()
    {
        var (buyer, order) = await OrderAsync();
        var told = new Event(Events.Body("payment.captured", $"{order}.1", order).ToJsonString());

        var first = (await shop.Events.SendAsync(told)).Is(200);
        var repeat = (await shop.Events.SendAsync(told)).Is(200);

        Assert.Equal("captured", first.Text("status"));
        Assert.Equal(first.Body, repeat.Body);
        Assert.Equal("paid", (await buyer.ReadAsync(order)).Text("status"));
    }

    [Fact]
    public async Task What_is_told_of_a_payment_that_nobody_knows_is_understood()
    {
        Assert.Equal("unknown", (await shop.Events.FailAsync("theirs-1", "no-order")).Is(200).Text("status"));
        Assert.Equal("unknown", (await shop.Events.RefundAsync("theirs-1", "no-order")).Is(200).Text("status"));
    }

    [Theory]
    [MemberData(nameof(NotGenuine))]
    public async Task What_is_not_genuine_is_refused_and_changes_nothing(string what)
    {
        var (buyer, order) = await OrderAsync();
        var told = new Event(Events.Body("payment.captured", $"{order}.1", order).ToJsonString());

        var refused = await shop.Api.SendAsync(Spoiled(told, what));

        refused.IsProblem(401, "signature-invalid");
        Assert.Equal("reserved", (await buyer.ReadAsync(order)).Text("status"));
        (await shop.Events.SendAsync(told)).Is(200);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_is_pointed_at(string body, string[] pointers) =>
        (await shop.Events.SendAsync(new Event(body))).PointsAt(pointers);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"type":"payment.captured"} {}""")]
    public async Task What_is_no_json_is_told_so(string body) =>
        (await shop.Events.SendAsync(new Event(body))).IsProblem(400, "malformed-request");

    [Fact]
    public async Task A_body_has_at_most_16_KiB()
    {
        var body = Events.Body("payment.captured", "theirs-16", "no-order").ToJsonString();
        var largest = new Event(body + new string(' ', 16 * 1024 - body.Length));

        (await shop.Events.SendAsync(largest)).Is(200);
        (await shop.Events.SendAsync(new Event(largest.Body + " "))).IsProblem(413, "payload-too-large");
    }

    [Fact]
    public async Task It_is_json_that_is_posted()
    {
        var told = new Event(Events.Body("payment.failed", "theirs-2", "no-order").ToJsonString());

        (await shop.Api.SendAsync(told.ToCall() with { ContentType = "text/plain" }))
            .IsProblem(415, "unsupported-media-type");
        (await shop.Api.GetAsync(Events.Path)).IsProblem(405, "method-not-allowed");
    }

    [Fact]
    public async Task While_secrets_are_rotated_both_are_known_and_afterwards_the_new_one()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Payments:WebhookSecrets:0"] = Keys.ForeignWebhook,
                ["Doorbuster:Payments:WebhookSecrets:1"] = Keys.Webhook,
            },
        };
        await using (var rotating = await Server.StartAsync(plan))
        {
            var events = new Events(rotating.Api, TimeProvider.System);
            (await events.SendAsync(Told([Keys.Webhook]))).Is(200);
            (await events.SendAsync(Told([Keys.ForeignWebhook]))).Is(200);
            (await events.SendAsync(Told([Keys.Webhook, Keys.ForeignWebhook]))).Is(200);
        }

        var rotated = new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Payments:WebhookSecrets:0"] = Keys.ForeignWebhook,
            },
        };
        await using var server = await Server.StartAsync(rotated);
        var later = new Events(server.Api, TimeProvider.System);
        (await later.SendAsync(Told([Keys.Webhook]))).IsProblem(401, "signature-invalid");
        (await later.SendAsync(Told([Keys.Webhook, Keys.ForeignWebhook]))).Is(200);
    }

    private static Event Told(IReadOnlyList<string> keys) =>
        new(Events.Body("payment.failed", "theirs-3", "no-order").ToJsonString()) { Keys = keys };

    private static Call Spoiled(Event told, string what) => what switch
    {
        "no id" => (told with { Without = ["webhook-id"] }).ToCall(),
        "no time" => (told with { Without = ["webhook-timestamp"] }).ToCall(),
        "no signature" => (told with { Without = ["webhook-signature"] }).ToCall(),
        "another key" => (told with { Keys = [Keys.ForeignWebhook] }).ToCall(),
        "another body" => (told with { Sent = Encoding.UTF8.GetBytes(told.Body + " ") }).ToCall(),
        "another id" => With(told.ToCall(), "webhook-id", "evt_another"),
        "another time" => With(told.ToCall(), "webhook-timestamp", $"{told.At.ToUnixTimeSeconds() + 1}"),
        "no version" => (told with { Signature = Event.Sign(Keys.Webhook, told.Id, told.Timestamp, told.Body)[3..] })
            .ToCall(),
        "too old" => (told with { At = told.At.AddMinutes(-5).AddSeconds(-30) }).ToCall(),
        "too new" => (told with { At = told.At.AddMinutes(5).AddSeconds(30) }).ToCall(),
        "two ids" => told.ToCall() with { Headers = [.. told.ToCall().Headers, ("webhook-id", "evt_another")] },
        "garbage" => (told with { Sent = [0xC3, 0x28, 0x00, 0xFF] }).ToCall(),
        "nothing signed" => (told with { Sent = [] }).ToCall(),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "Nothing is spoiled so."),
    };

    private static Call With(Call call, string name, string value) => call with
    {
        Headers = [.. call.Headers.Select(header => header.Name == name ? (name, value) : header)],
    };

    private static Draft Right => new();

    private async Task<(Buyer Buyer, string Order)> OrderAsync()
    {
        var buyer = shop.NewBuyer();
        return (buyer, await buyer.OrderAsync(await shop.NewSaleAsync(new Terms(1))));
    }

    /// <summary>A body before something is made wrong about it.</summary>
    private sealed record Draft
    {
        public string Type { get; init; } = "payment.captured";

        public string Timestamp { get; init; } = "2026-01-01T00:00:00Z";

        public string Payment { get; init; } = "never-recorded";

        public string Order { get; init; } = "no-order";

        public string Amount { get; init; } = "1999";

        public string Currency { get; init; } = "EUR";

        public string More { get; init; } = "";

        public string MoreData { get; init; } = "";

        public static implicit operator string(Draft draft) =>
            $$"""
            {"type":"{{draft.Type}}","timestamp":"{{draft.Timestamp}}","data":{"paymentId":"{{draft.Payment}}",
            "orderId":"{{draft.Order}}","amount":{"amount":{{draft.Amount}},"currency":"{{draft.Currency}}"}
            {{draft.MoreData}}}{{draft.More}}}
            """;
    }
}
