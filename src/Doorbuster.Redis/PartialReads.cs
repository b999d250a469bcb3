using Doorbuster.Dispatch;

namespace Doorbuster.Redis;

/// <summary>
/// Reads of logs that lie on many servers, of which one that is away or hangs keeps back no other's entries: a read
/// that is not answered soon goes on beside the next ones, and what it brings is given with theirs.
/// </summary>
/// <remarks>
/// Invariant: an entry that arrived is given to the caller, for the log has it down as that reader's and tells nobody
/// else of it before it is taken over. One loop uses it. Tests: <c>F05_LostShardTests</c>.
/// </remarks>
/// <param name="clock">The time by which soon is over.</param>
internal sealed class PartialReads(TimeProvider clock)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly List<(SaleId Sale, Task<IReadOnlyList<AdmittedBatch>> Read)> _underWay = [];

    /// <summary>Asks for each sale's entries, unless that is being asked already.</summary>
    /// <param name="sales">The sales.</param>
    /// <param name="ask">Asks for those of one.</param>
    /// <exception cref="ClaimLogUnavailableException">Nothing was read, and something failed.</exception>
    public async Task<IReadOnlyList<AdmittedBatch>> ReadAsync(
        IEnumerable<SaleId> sales, Func<SaleId, Task<IReadOnlyList<AdmittedBatch>>> ask)
    {
        var late = _underWay.Select(one => one.Sale).ToHashSet();
        var asked = sales.Where(sale => !late.Contains(sale)).Select(sale => (sale, Read: ask(sale))).ToArray();
        _underWay.AddRange(asked);
        await ((Task)Task.WhenAll(asked.Select(one => one.Read))).WaitAsync(Soon, clock)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await TakeEndedAsync();
    }

    private async Task<IReadOnlyList<AdmittedBatch>> TakeEndedAsync()
    {
        var ended = _underWay.FindAll(one => one.Read.IsCompleted);
        _underWay.RemoveAll(one => one.Read.IsCompleted);
        var entries = new List<AdmittedBatch>();
        var faults = new List<ClaimLogUnavailableException>();
        foreach (var (_, read) in ended)
        {
            try
            {
                entries.AddRange(await read);
            }
            catch (ClaimLogUnavailableException fault)
            {
                faults.Add(fault);
            }
        }

        return faults.Count == 0 || faults.Count < ended.Count ? entries : throw faults[0];
    }
}
