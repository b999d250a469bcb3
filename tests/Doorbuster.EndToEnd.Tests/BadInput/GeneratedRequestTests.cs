using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// Thousands of wrong requests, drawn from a seed: each is refused with a problem, and nothing is changed.
/// </summary>
public sealed class GeneratedRequestTests(OpenShop shop)
{
    private const int Requests = 4_000;
    private const int AtOnce = 8;

    [Theory]
    [InlineData(20261121)]
    public async Task Wrong_requests_are_refused_and_change_nothing(int seed)
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        var buyer = shop.NewBuyer();
        var generator = new RequestGenerator(new Random(seed), sale, buyer.Id, await buyer.TokenAsync(sale));
        var calls = Enumerable.Range(0, Requests).Select(_ => generator.Next()).ToList();
        var before = await Snapshot.OfAsync(shop.Api);

        await Parallel.ForEachAsync(
            calls.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (numbered, _) =>
            {
                var what = $"Seed {seed}, request {numbered.Index}, {numbered.Item}";
                try
                {
                    var answer = await shop.Api.SendAsync(numbered.Item);
                    Assert.True(answer.Status is >= 400 and < 500 && answer.Problem is not null, $"{what}: {answer}");
                }
                catch (HttpRequestException failure)
                {
                    Assert.Fail($"{what}: {failure}");
                }
            });

        Assert.Equal(before, await Snapshot.OfAsync(shop.Api));
        (await buyer.ClaimAsync(sale, "a-right-one")).Is(201);
    }
}
