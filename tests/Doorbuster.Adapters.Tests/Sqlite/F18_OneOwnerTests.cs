using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Sql;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>F18: two open one embedded store. A lock on a file is between opens, so one process can show it.</summary>
public sealed class F18_OneOwnerTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task F18_The_second_is_refused_and_told_what_to_do()
    {
        await using var first = await _folder.OpenAsync();

        var refusal = await Assert.ThrowsAsync<StoreLockedException>(() => _folder.OpenAsync());

        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--wait-for-lock", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F18_The_second_that_waits_gets_the_store_when_the_first_closes()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        var first = await _folder.OpenAsync();
        await first.CreateAsync(Samples.Sale(), Cancel);
        var second = _folder.OpenAsync(clock, waitForLock: true);

        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(second.IsCompleted);
        }

        await first.DisposeAsync();
        await WaitWhileTurningAsync(clock, second);
        await using var store = await second;
        Assert.Equal(2, Assert.Single(await store.TakeOverAsync(Cancel)).Epoch);
    }

    [Fact]
    public async Task F18_After_the_first_has_closed_the_store_opens_at_once()
    {
        await (await _folder.OpenAsync()).DisposeAsync();

        await using var second = await _folder.OpenAsync();

        Assert.Empty(await second.TakeOverAsync(Cancel));
    }

    [Fact]
    public async Task F18_An_open_that_fails_gives_the_lock_back()
    {
        await File.WriteAllTextAsync(_folder.Database, "This is no database.", Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _folder.OpenAsync());
        File.Delete(_folder.Database);

        await using var store = await _folder.OpenAsync();

        Assert.Empty(await store.TakeOverAsync(Cancel));
    }

    [Fact]
    public async Task F18_A_lock_that_cannot_be_opened_is_waited_for_by_nobody()
    {
        Directory.CreateDirectory(_folder.Lock);

        var refusal = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => _folder.OpenAsync(waitForLock: true));

        Assert.Contains(_folder.Lock, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F18_Should_the_lock_be_lost_the_new_owners_epoch_shuts_the_old_one_out()
    {
        var sale = Samples.Sale(quantity: 2);
        await using var old = await _folder.OpenAsync();
        await old.CreateAsync(sale, Cancel);
        await CommitAsync(old, Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna")), isCommitted: true);

        File.Delete(_folder.Lock);
        await using var young = await _folder.OpenAsync();
        Assert.Equal((2, 1), (await young.TakeOverAsync(Cancel)).Select(s => (s.Epoch, s.Admitted)).Single());

        var late = Samples.Order(sale, "late");
        var next = Samples.Order(sale, "next");
        await CommitAsync(old, Samples.Admissions(sale, 1, 1, late), isCommitted: false);
        await CommitAsync(young, Samples.Admissions(sale, 2, 1, next), isCommitted: true);
        await CommitAsync(old, Samples.Admissions(sale, 1, 1, late), isCommitted: false);
        Assert.Equal([next], await young.FindAsync([late.Id, next.Id], Cancel));
        Assert.Equal(0, (await young.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    private static async Task CommitAsync(ILedger ledger, Admissions admissions, bool isCommitted) =>
        Assert.Equal(isCommitted, (await ledger.CommitAsync([admissions], Cancel)).Covers(admissions.Sale));

    /// <summary>The waiting one goes on elsewhere after its pause, so the clock is turned until it has.</summary>
    private static async Task WaitWhileTurningAsync(VirtualTimeProvider clock, Task task)
    {
        while (!task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
