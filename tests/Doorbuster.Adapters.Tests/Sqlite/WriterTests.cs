using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>Whoever writes takes turns.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private readonly SqliteFolder _folder = new();
    private Writer? _writer;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Writer Writer => _writer!;

    public async ValueTask InitializeAsync()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        _writer = new Writer(new Connection(_folder.Database, writes: true, cacheKiB: 256));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_lane_that_writes_again_and_again_lets_everyone_in_who_came_before_its_next_turn()
    {
        var turns = new List<string>();
        using var isAtWork = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var lane = Task.Run(LaneAsync, Cancel);
        isAtWork.Wait(Cancel);
        var expiry = WriteAsync("expiry");
        var payment = WriteAsync("payment");
        mayEnd.Set();

        await Task.WhenAll(lane, expiry, payment);

        Assert.Equal(["lane", "expiry", "payment", "lane again"], turns);
        await Writer.DisposeAsync();

        async Task LaneAsync()
        {
            await Writer.RunAsync(_ =>
            {
                isAtWork.Set();
                mayEnd.Wait(Cancel);
                turns.Add("lane");
                return true;
            });
            await WriteAsync("lane again");
        }

        async Task WriteAsync(string who) => await Writer.RunAsync(_ =>
        {
            turns.Add(who);
            return true;
        });
    }

    [Fact]
    public async Task Work_that_fails_gives_its_turn_back_and_a_closed_writer_says_so()
    {
        await Assert.ThrowsAsync<FormatException>(
            async () => await Writer.RunAsync<bool>(_ => throw new FormatException("no")));
        Assert.Equal(0, await Writer.RunAsync(connection => connection.ReadInt64("SELECT count(*) FROM orders")));

        await Writer.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Writer.RunAsync(_ => true));
    }
}
