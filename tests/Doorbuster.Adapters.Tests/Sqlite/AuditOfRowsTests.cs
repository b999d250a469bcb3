using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>What an audit finds where rows were changed behind the store, though every unit adds up.</summary>
public sealed class AuditOfRowsTests : IDisposable
{
    private static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(5);

    private readonly SqliteFolder _folder = new();
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE orders SET buyer = 'mallory' WHERE no = 1", "have other buyers")]
    [InlineData("UPDATE stock SET admitted = admitted + 1", "has admitted 2 claims, the store 3")]
    [InlineData("UPDATE orders SET no = 99 WHERE no = 2", "is not where the store's index has it")]
    [InlineData(null, null)]
    public async Task What_was_changed_in_the_file_is_found(string? sql, string? difference)
    {
        var sale = Samples.Sale(quantity: 5, limit: 3);
        await using var store = await _folder.OpenAsync();
        var gate = new InMemoryGate(store, _clock, ordersPerBuyer: 64);
        await gate.OpenAsync((await store.CreateAsync(sale, Cancel))!, Cancel);
        await gate.ClaimAsync([Samples.Batch(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"))], Cancel);
        if (sql is not null)
        {
            using var database = new RawDatabase(_folder.Database);
            database.Run(sql);
        }

        var auditing = new Auditor(store, gate, _clock, LongestCommit).AuditAsync(sale.Id, Cancel);
        while (!auditing.IsCompleted)
        {
            _clock.Advance(LongestCommit);
            await Task.Yield();
        }

        var report = (await auditing)!;
        Assert.Equal(sql is null, report.LawHolds);
        Assert.All(difference is null ? [] : new[] { difference }, sentence => Assert.Contains(
            report.Differences, found => found.Contains(sentence, StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Dispose();
}
