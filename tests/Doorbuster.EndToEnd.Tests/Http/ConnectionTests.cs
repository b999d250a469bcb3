using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>A connection goes on after a refusal, or the answer says that it will not.</summary>
public sealed class ConnectionTests(OpenShop shop)
{
    [Theory]
    [InlineData("a body that is too large", 20_000, "application/json")]
    [InlineData("a body of another kind", 100, "text/plain")]
    [InlineData("a body that is no JSON", 100, "application/json")]
    public async Task A_refusal_does_not_lose_the_request_after_it(string what, int bytes, string contentType)
    {
        var sale = await shop.NewSaleAsync(new Terms(1) { RequirePurchaseToken = false });
        using var wire = await Wire.ConnectAsync(shop.Api.Address);
        var bad = Wire.Request(
            "POST",
            $"/v1/sales/{sale}/orders",
            body: null,
            ("Authorization", $"Bearer {shop.NewBuyer().Jwt}"),
            ("Content-Type", contentType),
            ("Content-Length", $"{bytes}"));

        await wire.SendAsync(bad);
        await wire.SendAsync(new byte[bytes]);
        var refusal = await wire.ReadAnswerAsync();

        Assert.True(refusal.Status is 400 or 413 or 415, $"{what}: {refusal}");
        if (refusal.Header("Connection") != "close")
        {
            await wire.SendAsync(Wire.Request("GET", $"/v1/sales/{sale}", body: null));
            (await wire.ReadAnswerAsync()).Is(200);
        }
    }

    [Fact]
    public async Task Requests_sent_without_waiting_are_answered_in_their_order()
    {
        var sale = await shop.NewSaleAsync(new Terms(20) { PerBuyerLimit = 20 });
        var token = await shop.NewBuyer().TokenAsync(sale);
        using var wire = await Wire.ConnectAsync(shop.Api.Address);

        var claims = Enumerable.Range(1, 5).SelectMany(n => Wire.Claim(sale, token, $"key-{n}", n));
        await wire.SendAsync(claims.ToArray());

        for (var n = 1; n <= 5; n++)
        {
            Assert.Equal(n, (await wire.ReadAnswerAsync()).Is(201).Number("quantity"));
        }
    }
}
