using Doorbuster.Conformance;
using Doorbuster.Dispatch;

namespace Doorbuster.Simulation.Redis;

/// <summary>The claim log as one reader of one node reaches it.</summary>
/// <param name="link">The node's connection.</param>
/// <param name="clock">Redis's clock.</param>
internal sealed class SimulatedLog(RedisLink link, TimeProvider clock) : IClaimLog
{
    private static readonly IReadOnlyList<AdmittedBatch> Nothing = [];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, int most, CancellationToken cancellationToken) => sales.Count == 0
        ? ValueTask.FromResult(Nothing)
        : KnownAsync(log => log.ReadAsync(sales, most, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AdmittedBatch>> TakeOverAsync(
        IReadOnlyCollection<SaleId> sales, TimeSpan idle, int most, CancellationToken cancellationToken) =>
        KnownAsync(log => log.TakeOverAsync(sales, idle, most, default));

    /// <inheritdoc/>
    public async ValueTask AcknowledgeAsync(
        IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken) => await KnownAsync(log =>
    {
        AtOnce.Do(log.AcknowledgeAsync(entries, default));
        return ValueTask.FromResult(true);
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AdmittedBatch>> ScanAsync(
        SaleId sale, string? after, int most, CancellationToken cancellationToken) =>
        KnownAsync(log => log.ScanAsync(sale, after, most, default));

    /// <inheritdoc/>
    public ValueTask<LogDepth> MeasureAsync(SaleId sale, CancellationToken cancellationToken) =>
        KnownAsync(log => log.MeasureAsync(sale, default));

    private ValueTask<T> KnownAsync<T>(Func<InMemoryClaimLog, ValueTask<T>> command) => link.AskAsync(
        gate => AtOnce.Of(command(new InMemoryClaimLog(gate, clock))),
        static end => new ClaimLogUnavailableException($"Redis: {end}."));
}
