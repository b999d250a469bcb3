using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>Prefer: wait=N on a claim: here every answer is final, so any wait is kept.</summary>
public sealed class PreferTests(OpenShop shop)
{
    [Theory]
    [InlineData("wait=2", "wait=2")]
    [InlineData("respond-async, Wait=\"10\"", "wait=10")]
    [InlineData("wait=11", null)]
    [InlineData("respond-async", null)]
    [InlineData(null, null)]
    public async Task A_wait_that_was_kept_is_said_with_every_answer_to_a_claim(string? prefer, string? applied)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var buyer = shop.NewBuyer();
        var answers = new List<Answer>
        {
            (await ClaimAsync(await buyer.TokenAsync(sale))).Is(201),
            (await ClaimAsync(await buyer.TokenAsync(sale))).Is(200),
            (await ClaimAsync(await shop.NewBuyer().TokenAsync(sale))).IsProblem(409, "sold-out"),
        };

        Assert.All(answers, answer => Assert.Equal(applied, answer.Header("Preference-Applied")));

        Task<Answer> ClaimAsync(string token)
        {
            (string, string)[] headers = [("Purchase-Token", token), ("Idempotency-Key", "key")];
            return shop.Api.PostAsync(
                $"/v1/sales/{sale}/orders", null, null,
                prefer is null ? headers : [.. headers, ("Prefer", prefer)]);
        }
    }
}
