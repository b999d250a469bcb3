using Doorbuster.Conformance;
using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>Where whoever follows a sale goes on in the log that all sales share.</summary>
public sealed class EventPlacesTests : IDisposable
{
    private const long Quiet = 1;

    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_follows_a_quiet_sale_does_not_read_what_others_did()
    {
        await using var store = await _folder.OpenAsync();
        var quiet = Samples.Sale("quiet");
        var busy = Samples.Sale("busy");
        await store.CreateAsync(quiet, Cancel);
        await store.CreateAsync(busy, Cancel);
        await PauseAsync(store, quiet, times: 1);
        using var connection = new Connection(_folder.Database, writes: false, cacheKiB: 256);
        var places = new EventPlaces();

        Assert.Equal([1], Follow(after: 0));
        await PauseAsync(store, busy, times: 30);
        Assert.Empty(Follow(after: 1));
        Assert.Equal(32, places.Before(Quiet, after: 1));

        await PauseAsync(store, busy, times: 30);
        await PauseAsync(store, quiet, times: 2);
        Assert.Equal([2, 3], Follow(after: 1));
        Assert.Equal([1, 2, 3], Follow(after: 0));
        Assert.Equal([3], Follow(after: 2));
        Assert.Empty(Follow(after: long.MaxValue));
        Assert.Equal([3], Follow(after: 2));

        IEnumerable<long> Follow(long after) =>
            EventReader.Read(connection, quiet.Id, Quiet, places, after, 10).Select(entry => entry.No);
    }

    private static async Task PauseAsync(SqliteStore store, Sale sale, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var mode = (await store.FindAsync(sale.Id, Cancel))!.Mode;
            SaleChange change = mode == SaleMode.Paused ? new SaleChange.Resume() : new SaleChange.Pause();
            await store.ChangeAsync(sale.Id, change, Samples.Noon, Cancel);
        }
    }
}
