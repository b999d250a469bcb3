using Doorbuster.Dispatch;

namespace Doorbuster.Conformance;

/// <summary>
/// The claim log of the <see cref="InMemorySharedGate"/>, the reference of every log. Whose an entry is makes no
/// difference to what anyone may do with it, so readers have no names here.
/// </summary>
public sealed class InMemoryClaimLog(InMemorySharedGate gate, TimeProvider clock) : IClaimLog
{
    public ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, int most, CancellationToken cancellationToken) =>
        Give(sales, most, given => given is null);

    public ValueTask<IReadOnlyList<AdmittedBatch>> TakeOverAsync(
        IReadOnlyCollection<SaleId> sales, TimeSpan idle, int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Give(sales, most, given => now - given >= idle);
    }

    public ValueTask AcknowledgeAsync(
        IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        foreach (var ofSale in entries.GroupBy(entry => entry.Sale))
        {
            gate.Acknowledge(ofSale.Key, [.. ofSale.Select(entry => (entry.Id, entry.Epoch))]);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<AdmittedBatch>> ScanAsync(
        SaleId sale, string? after, int most, CancellationToken cancellationToken)
    {
        var log = gate.LogOf(sale);
        var rest = log.SkipWhile(entry => after is not null && !IsAfter(entry.Id, after));
        return ValueTask.FromResult<IReadOnlyList<AdmittedBatch>>([.. rest.Take(most)]);
    }

    public ValueTask<LogDepth> MeasureAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var log = gate.LogOf(sale);
        return ValueTask.FromResult(new LogDepth(log.Count, log.Count == 0 ? null : log[0].AdmittedAt));
    }

    private ValueTask<IReadOnlyList<AdmittedBatch>> Give(
        IReadOnlyCollection<SaleId> sales, int most, Func<DateTimeOffset?, bool> isWanted)
    {
        var given = new List<AdmittedBatch>();
        foreach (var sale in sales)
        {
            given.AddRange(gate.HandOut(sale, clock.GetUtcNow(), most, isWanted));
        }

        return ValueTask.FromResult<IReadOnlyList<AdmittedBatch>>(given);
    }

    private static bool IsAfter(string id, string other) => Parts(id).CompareTo(Parts(other)) > 0;

    private static (long Ms, long Sequence) Parts(string id)
    {
        var numbers = Array.ConvertAll(id.Split('-'), long.Parse);
        return (numbers[0], numbers[1]);
    }
}
