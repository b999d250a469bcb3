using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Redis;
using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>
/// A cluster that starts after its client: nobody knows until then that sales lie in slots of their own.
/// </summary>
public sealed class RedisLateClusterTests : IAsyncDisposable
{
    private readonly RedisCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Whoever_waits_for_a_cluster_reads_it_once_it_stands()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var connection = await RedisServer.ConnectAsync(_cluster.Endpoints);
        var log = new RedisClaimLog(connection, "worker", TimeSpan.FromSeconds(1), TimeProvider.System);
        SaleId[] sales = [.. Enumerable.Range(0, 12).Select(i => Samples.Sale($"drop-{i}").Id)];

        var reading = Waiting.UntilAsync("the cluster can be read", IsReadAsync);
        await _cluster.StartAsync();

        await reading;

        async Task<bool> IsReadAsync()
        {
            try
            {
                return await log.ReadAsync(sales, most: 9, cancel) is [];
            }
            catch (ClaimLogUnavailableException)
            {
                return false;
            }
        }
    }
}
