using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>Readers are closed under nobody's hands, and nobody waits for a closed one.</summary>
public sealed class ReadPoolTests : IAsyncLifetime
{
    private readonly SqliteFolder _folder = new();
    private ReadPool? _pool;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ReadPool Pool => _pool!;

    public async ValueTask InitializeAsync()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        _pool = new ReadPool(_folder.Database, readers: 2);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Closing_waits_for_a_read_that_is_under_way_and_for_those_in_line()
    {
        using var underWay = new CountdownEvent(2);
        using var mayEnd = new ManualResetEventSlim();
        var reads = Enumerable.Range(0, 2).Select(_ => Task.Run(ReadSlowlyAsync, Cancel)).ToList();
        underWay.Wait(Cancel);
        var inLine = CountAsync(Pool).AsTask();

        var closing = Pool.DisposeAsync().AsTask();

        Assert.False(inLine.IsCompleted || closing.IsCompleted);
        mayEnd.Set();
        await closing;
        var counts = await Task.WhenAll([.. reads, inLine]);
        Assert.Equal([0, 0, 0], counts);

        async Task<long> ReadSlowlyAsync() => await Pool.ReadAsync(
            reader =>
            {
                underWay.Signal();
                mayEnd.Wait(Cancel);
                return reader.Connection.ReadInt64("SELECT count(*) FROM orders");
            },
            Cancel);
    }

    [Fact]
    public async Task Who_comes_after_the_closing_is_told_so()
    {
        await Pool.DisposeAsync();

        for (var again = 0; again < 3; again++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await CountAsync(Pool));
        }

        await Pool.DisposeAsync();
    }

    private static ValueTask<long> CountAsync(ReadPool pool) =>
        pool.ReadAsync(reader => reader.Connection.ReadInt64("SELECT count(*) FROM orders"), Cancel);
}
