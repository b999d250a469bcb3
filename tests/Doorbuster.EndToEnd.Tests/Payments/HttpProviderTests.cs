using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Payments;

/// <summary>The provider <c>http</c>: a shop's own server is asked by signed calls, and not trusted blindly.</summary>
public sealed class HttpProviderTests : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private ShopsTill _till = null!;
    private Server _server = null!;
    private Events _events = null!;

    public async ValueTask InitializeAsync()
    {
        _till = await ShopsTill.OpenAsync();
        _server = await Server.StartAsync(new ServerPlan(_data.Path) { Settings = _till.Settings });
        _events = new Events(_server.Api, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _till.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task The_shop_is_asked_once_by_a_signed_call_that_names_order_and_payment()
    {
        var (buyer, order) = await OrderAsync(quantity: 2);

        var opened = (await buyer.PayAsync(order)).Is(201);
        (await buyer.PayAsync(order)).Is(200);

        var asked = Assert.Single(_till.Asked);
        Assert.Equal($"https://pay.example/{order}.1", opened.Text("checkoutUrl"));
        Assert.Equal(("POST /till", "checkout.requested"), (asked.Call, asked.Type));
        Assert.StartsWith("application/json", asked.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal($"{order}.1", asked.Headers["Idempotency-Key"]);
        var data = asked.Json.GetProperty("data");
        var shown = await buyer.ReadAsync(order);
        Assert.Equal(
            ["amount", "buyerId", "expiresAt", "orderId", "paymentId", "quantity", "saleId"],
            data.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(
            (order, $"{order}.1", buyer.Id), (asked.Data("orderId"), asked.Data("paymentId"), asked.Data("buyerId")));
        Assert.Equal(shown.Text("expiresAt"), asked.Data("expiresAt"));
        Assert.Equal("""{"amount":3998,"currency":"EUR"}""", JsonSerializer.Serialize(data.GetProperty("amount")));
        IsSigned(asked);
    }

    [Fact]
    public async Task A_call_that_failed_is_made_again_under_the_same_ids()
    {
        var (buyer, order) = await OrderAsync();
        var right = _till.Answer;
        _till.Answer = (_, response) => Task.FromResult(response.StatusCode = 500);
        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");
        _till.Answer = right;

        (await buyer.PayAsync(order)).Is(200);

        Assert.Equal(2, _till.Asked.Count);
        Assert.Single(_till.Asked.Select(asked => asked.Headers["Idempotency-Key"]).Distinct());
        Assert.Single(_till.Asked.Select(asked => asked.Headers["webhook-id"]).Distinct());
        Assert.All(_till.Asked, IsSigned);
    }

    /// <summary>Answers that are no place to send a buyer to.</summary>
    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "not json")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"checkoutUrl":7}""")]
    [InlineData(200, """{"checkoutUrl":"javascript:alert(1)"}""")]
    [InlineData(200, """{"checkoutUrl":"http://pay.example/"}""")]
    [InlineData(200, """{"checkoutUrl":"/relative"}""")]
    [InlineData(404, """{"checkoutUrl":"https://pay.example/"}""")]
    [InlineData(429, "{}")]
    public async Task An_answer_that_says_no_safe_place_is_none(int status, string body)
    {
        var (buyer, order) = await OrderAsync();
        _till.Answer = (_, response) =>
        {
            response.StatusCode = status;
            return response.WriteAsync(body);
        };

        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");

        var shown = await buyer.ReadAsync(order);
        Assert.Equal("reserved", shown.Text("status"));
        Assert.False(shown.Json.GetProperty("payment").TryGetProperty("checkoutUrl", out _), shown.ToString());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var (buyer, order) = await OrderAsync();
        _till.Answer = (_, response) =>
        {
            response.Redirect(_till.Address.ToString());
            return Task.CompletedTask;
        };

        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");

        Assert.Single(_till.Asked);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_not_waited_for()
    {
        var (buyer, order) = await OrderAsync();
        _till.Answer = async (_, response) =>
        {
            while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await response.WriteAsync(new string(' ', 1_000), response.HttpContext.RequestAborted);
            }
        };

        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");
    }

    [Fact]
    public async Task A_shop_that_does_not_answer_is_given_up()
    {
        var (buyer, order) = await OrderAsync();
        var never = new TaskCompletionSource();
        _till.Answer = (_, response) => never.Task.WaitAsync(response.HttpContext.RequestAborted);

        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");
    }

    [Fact]
    public async Task A_shop_that_is_not_there_is_told_so()
    {
        var (buyer, order) = await OrderAsync();
        await _till.DisposeAsync();

        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");
        (await buyer.CancelAsync(order)).Is(200);
    }

    [Fact]
    public async Task A_refund_is_asked_for_under_the_payments_id_until_it_is_answered()
    {
        var (buyer, order) = await OrderAsync();
        (await buyer.CancelAsync(order)).Is(200);
        var failures = 2;
        var right = _till.Answer;
        _till.Answer = (asked, response) => Interlocked.Decrement(ref failures) >= 0
            ? Task.FromResult(response.StatusCode = 503)
            : right(asked, response);

        (await _events.CaptureAsync($"{order}.1", order)).Is(200);
        await buyer.UntilPaymentAsync(order, "refunded");

        Assert.Equal(3, _till.Asked.Count);
        Assert.All(_till.Asked, asked =>
        {
            Assert.Equal("refund.requested", asked.Type);
            Assert.Equal($"{order}.1", asked.Headers["Idempotency-Key"]);
            Assert.Equal("order_cancelled", asked.Data("reason"));
            IsSigned(asked);
        });
        Assert.Single(_till.Asked.Select(asked => asked.Headers["webhook-id"]).Distinct());
    }

    [Fact]
    public async Task A_refund_that_is_accepted_is_done_when_its_event_says_so()
    {
        _till.Answer = (_, response) => response.WriteAsync("""{"status":"accepted"}""");
        (await _events.CaptureAsync("théirs 1", "no-order")).Is(200);
        await Waiting.UntilAsync("the refund was asked for", () => _till.Asked.Count > 0);
        Assert.Equal("th%C3%A9irs%201", _till.Asked[0].Headers["Idempotency-Key"]);
        Assert.Equal("théirs 1", _till.Asked[0].Data("paymentId"));

        Assert.Equal("refunded", (await _events.RefundAsync("théirs 1", "no-order")).Is(200).Text("status"));
    }

    private static void IsSigned(Asked asked)
    {
        var (id, timestamp) = (asked.Headers["webhook-id"], asked.Headers["webhook-timestamp"]);
        Assert.Equal(Event.Sign(ShopsTill.Secret, id, timestamp, asked.Body), asked.Headers["webhook-signature"]);
        Assert.DoesNotContain('.', id);
        Assert.InRange(
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, null)),
            DateTimeOffset.UtcNow.AddMinutes(-1),
            DateTimeOffset.UtcNow.AddMinutes(1));
    }

    private async Task<(Buyer Buyer, string Order)> OrderAsync(int quantity = 1)
    {
        var sale = await _server.CreateSaleAsync(new Terms(10) { PerBuyerLimit = 5 });
        var buyer = _server.Buyer("anna");
        return (buyer, (await buyer.ClaimAsync(sale, quantity: quantity)).Is(201).Text("id"));
    }
}
