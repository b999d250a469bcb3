using Doorbuster.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

public sealed class RedisServerTests(RedisProcess redis) : IClassFixture<RedisProcess>
{
    [Fact]
    public async Task A_server_that_evicts_nothing_is_ready() => Assert.Empty(await CheckAsync());

    [Fact]
    public async Task A_server_that_may_evict_what_was_sold_is_not_ready()
    {
        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        try
        {
            var fault = Assert.Single(await CheckAsync());
            Assert.Contains("maxmemory-policy allkeys-lru", fault, StringComparison.Ordinal);
        }
        finally
        {
            await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        }
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named()
    {
        using var lost = await RedisServer.ConnectAsync("127.0.0.1:1,connectTimeout=100");

        var faults = await RedisServer.CheckAsync(
            lost, TimeSpan.FromSeconds(5), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Contains("127.0.0.1:1", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_letter_of_the_script_is_an_outcome_and_no_other()
    {
        var outcomes = "rktnpcblsia".Select(letter => BatchAnswer.OutcomeOf((byte)letter)).ToList();

        // The gate has no outcome for what it says in other ways: a sale that is missing, and an epoch that differs.
        Assert.Equal(
            Enum.GetValues<Outcome>().Except([Outcome.SaleUnknown, Outcome.StaleEpoch]).Order(), outcomes.Order());
        Assert.Throws<InvalidOperationException>(() => BatchAnswer.OutcomeOf((byte)'x'));
    }

    private Task<IReadOnlyList<string>> CheckAsync() => RedisServer.CheckAsync(
        redis.Connection, TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
}
