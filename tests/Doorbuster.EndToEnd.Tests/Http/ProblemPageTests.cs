using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /problems/{name}: every type of problem can be looked up.</summary>
public sealed class ProblemPageTests(OpenShop shop)
{
    [Theory]
    [InlineData("sold-out")]
    [InlineData("insufficient-stock")]
    [InlineData("buyer-limit-reached")]
    [InlineData("sale-not-open")]
    [InlineData("sale-paused")]
    [InlineData("sale-closed")]
    [InlineData("purchase-token-invalid")]
    [InlineData("idempotency-key-reused")]
    [InlineData("busy")]
    [InlineData("outcome-unknown")]
    [InlineData("sale-not-found")]
    [InlineData("sale-exists")]
    [InlineData("sale-limit-reached")]
    [InlineData("sale-not-scheduled")]
    [InlineData("request-id-reused")]
    [InlineData("precondition-required")]
    [InlineData("precondition-failed")]
    [InlineData("order-not-found")]
    [InlineData("order-not-cancellable")]
    [InlineData("order-not-payable")]
    [InlineData("payment-unavailable")]
    [InlineData("signature-invalid")]
    [InlineData("unauthenticated")]
    [InlineData("forbidden")]
    [InlineData("rate-limited")]
    [InlineData("invalid-request")]
    [InlineData("malformed-request")]
    [InlineData("not-found")]
    [InlineData("method-not-allowed")]
    [InlineData("request-timeout")]
    [InlineData("payload-too-large")]
    [InlineData("address-too-long")]
    [InlineData("headers-too-large")]
    [InlineData("unsupported-media-type")]
    [InlineData("not-ready")]
    [InlineData("internal-error")]
    public async Task A_type_of_problem_is_explained_where_its_name_says(string name)
    {
        var page = await shop.Api.GetAsync($"/problems/{name}");

        Assert.True(page.Status == 200 && page.Body.Contains(name, StringComparison.Ordinal), page.ToString());
        Assert.True(page.Body.Length > 50, $"That explains nothing. {page}");
    }

    [Fact]
    public async Task A_problem_that_was_answered_is_explained_with_the_same_title()
    {
        var problem = (await shop.Api.GetAsync("/v1/sales/no-such-sale")).IsProblem(404, "sale-not-found");

        var page = await shop.Api.GetAsync(new Uri(problem.Text("type")).AbsolutePath);

        Assert.Equal(200, page.Status);
        Assert.Contains(JsonEncodedText.Encode(problem.Text("title")).ToString(), page.Body, StringComparison.Ordinal);
    }
}
