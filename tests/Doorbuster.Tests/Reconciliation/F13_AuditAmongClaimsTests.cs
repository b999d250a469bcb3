using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>
/// F13: the audit runs while claims are in flight; <c>LaneDeterminismTests</c> audits its worlds too.
/// </summary>
public sealed class F13_AuditAmongClaimsTests
{
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMilliseconds(50);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new();
    private readonly Sale _sale = Samples.Sale(quantity: 1_000, limit: 1_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void F13_An_audit_among_commits_finds_no_difference(int seed) =>
        new SeededScheduler(seed, _clock).Run(async () =>
        {
            var weather = new Random(seed);
            var gate = await OpenGateAsync(new FaultyLedger(_store)
            {
                BeforeCommit = async _ =>
                {
                    await PassAsync(weather);
                    return CommitFault.None;
                },
                AfterCommit = async () => await PassAsync(weather),
            });
            var claiming = ClaimUntilSoldOutAsync(gate);
            var audits = 0;
            var looksThatDiffered = 0;
            var slow = new TamperedStore(_store) { BeforeReport = () => PassAsync(weather) };
            while (!claiming.IsCompleted)
            {
                var begun = _clock.GetUtcNow();
                var report = await AuditAsync(slow, gate);
                Assert.Empty(report.Differences);
                audits++;
                looksThatDiffered += _clock.GetUtcNow() - begun >= LongestCommit ? 1 : 0;
                await PassAsync(weather);
            }

            await claiming;
            Assert.True(audits > 50, $"{audits} audits ran.");
            Assert.True(looksThatDiffered > 5, $"{looksThatDiffered} audits saw a commit under way.");
            var last = await AuditAsync(slow, gate);
            Assert.Equal((0, 1_000), (last.Available, last.Reserved));
            Assert.Empty(last.Differences);
        });

    private async Task<IGate> OpenGateAsync(FaultyLedger ledger)
    {
        var gate = new InMemoryGate(ledger, _clock, ordersPerBuyer: 2_000);
        await gate.OpenAsync((await _store.CreateAsync(_sale, CancellationToken.None))!, CancellationToken.None);
        return gate;
    }

    private async Task ClaimUntilSoldOutAsync(IGate gate)
    {
        for (var i = 0; ; i += 2)
        {
            var batch = Samples.Batch(
                _sale, Samples.Claim(_sale, "anna", $"k{i}"), Samples.Claim(_sale, "bert", $"k{i}"));
            await gate.ClaimAsync([batch], CancellationToken.None);
            if (batch.Answers[0].Outcome != Outcome.Admitted)
            {
                Assert.Equal(Outcome.SoldOut, batch.Answers[0].Outcome);
                return;
            }
        }
    }

    private async Task<AuditReport> AuditAsync(ISaleStore store, IGate gate)
    {
        var auditor = new Auditor(store, gate, _clock, LongestCommit);
        return (await auditor.AuditAsync(_sale.Id, CancellationToken.None))!;
    }

    private Task PassAsync(Random weather) => Task.Delay(TimeSpan.FromMilliseconds(weather.Next(21)), _clock);
}
