using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>
/// GET /health/live and /health/ready; while a server starts and drains, the tests of that have them.
/// </summary>
public sealed class HealthTests(OpenShop shop)
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_server_that_serves_says_so_to_anyone_and_every_time(string path)
    {
        var answer = (await shop.Api.GetAsync(path)).Is(200);

        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }
}
