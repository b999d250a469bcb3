using System.Threading.Channels;
using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Notification;

/// <summary>
/// Takes what the store has to tell gates to them, by id, and deletes what was delivered. Any number of nodes do so at
/// once: what is delivered twice is done once.
/// </summary>
/// <remarks>
/// <para>
/// Invariant: an entry is deleted only after a gate of its epoch has taken it, or one of a later epoch has said that it
/// has it in its snapshot. One whose gate is missing, damaged or older stays, and holds up no other (F12, F19). Each
/// pass begins at the first entry: entries that commit late have lower ids than some that were seen before.
/// </para>
/// <para>
/// The servers among which a gate is divided are told at the same time, and a pass goes on without one that takes long,
/// so that it holds up others' units only for as long as its own words take to be read (I2). Each is told of one sale
/// after another: what a server that hangs was sent, it does when it wakes, and much of that would keep it busy with
/// nothing else.
/// </para>
/// <para>
/// Tests: <c>SharedNodeTests</c>, <c>CourierTests</c>, <c>F05_LostShardTests</c>.
/// </para>
/// </remarks>
/// <param name="outbox">What is to be told.</param>
/// <param name="gate">Who is told.</param>
/// <param name="catalog">The sales that this node knows, and what gates say of them.</param>
/// <param name="clock">The time between two passes.</param>
/// <param name="ended">The sales that are over, which have no gate to be told anything; none where null.</param>
public sealed class Courier(
    IOutbox outbox, ISharedGate gate, Catalog catalog, TimeProvider clock, EndedSales? ended = null)
{
    /// <summary>The time between two passes where nobody hurries it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int AtOnce = 1_000;

    /// <summary>
    /// How long a pass stays with one page where others may have to wait for that: healthy servers are done by then.
    /// </summary>
    private static readonly TimeSpan Patience = 3 * Pause;

    /// <summary>
    /// While a server is silent, each pass reads its words again: then nothing is read for so many times as long, but
    /// for no longer than this.
    /// </summary>
    private static readonly (int Times, TimeSpan AtMost) Rest = (3, 4 * Pause);

    // By the gate's servers, what each is being told; it ends with the entries that were delivered.
    private readonly Dictionary<string, Task<IReadOnlyList<long>>> _underWay = [];

    // Somebody has written something: one such word is enough.
    private readonly Channel<bool> _word = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has the next pass begin at once. It returns at once.</summary>
    public void Hurry() => _word.Writer.TryWrite(true);

    /// <summary>Delivers on and on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(PaceAsync(stop.Token), RoundAsync(stop));
    }

    /// <summary>Has every server told what it is to be told, but those that are being told something still.</summary>
    /// <returns>How long the store was reading.</returns>
    /// <exception cref="StoreUnavailableException">The outbox cannot be read or written now.</exception>
    /// <exception cref="OutcomeUnknownException">Some may come again.</exception>
    private async Task<TimeSpan> DeliverAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<OutboxEntry> entries;
        long after = 0;
        var reading = TimeSpan.Zero;
        do
        {
            var asked = clock.GetTimestamp();
            entries = await outbox.ReadAsync(after, AtOnce, cancellationToken);
            reading += clock.GetElapsedTime(asked);
            await EndsAsync(Begin(entries, cancellationToken), cancellationToken);
            await DeleteDeliveredAsync(cancellationToken);
            after = entries.Count > 0 ? entries[^1].Id : after;
        }
        while (entries.Count == AtOnce);

        return reading;
    }

    private List<Task> Begin(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var begun = new List<Task>();
        foreach (var ofServer in entries.GroupBy(entry => entry.Sale).GroupBy(ofSale => gate.ServerOf(ofSale.Key)))
        {
            if (!_underWay.ContainsKey(ofServer.Key))
            {
                begun.Add(_underWay[ofServer.Key] = TellAsync([.. ofServer], cancellationToken));
            }
        }

        return begun;
    }

    /// <summary>Waits for the end of what was begun; not for long where other servers would wait for it too.</summary>
    private async Task EndsAsync(List<Task> begun, CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(begun);
        if (all.IsCompleted)
        {
            return;
        }

        await Task.WhenAny(all, Task.Delay(Patience, clock, cancellationToken));
        if (!all.IsCompleted && IsOneServer())
        {
            await Task.WhenAny(all);
        }
    }

    /// <summary>Whether one server has all sales, so that nobody else waits for it.</summary>
    private bool IsOneServer() => catalog.Ids().Select(gate.ServerOf).Distinct().Take(2).Count() < 2;

    private async Task DeleteDeliveredAsync(CancellationToken cancellationToken)
    {
        var delivered = new List<long>();
        foreach (var (server, telling) in _underWay.Where(one => one.Value.IsCompleted).ToList())
        {
            _underWay.Remove(server);
            delivered.AddRange(await telling);
        }

        if (delivered.Count > 0)
        {
            await outbox.DeleteAsync(delivered, cancellationToken);
        }
    }

    private async Task PaceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            Hurry();
        }
    }

    private async Task RoundAsync(CancellationTokenSource stop)
    {
        try
        {
            while (await _word.Reader.ReadAsync(stop.Token))
            {
                var rest = Rest.Times * await TryDeliverAsync(stop.Token);
                if (_underWay.Count > 0)
                {
                    await Task.Delay(
                        rest < Pause ? Pause : rest < Rest.AtMost ? rest : Rest.AtMost, clock, stop.Token);
                }
            }
        }
        finally
        {
            stop.Cancel();
            await Task.WhenAny(Task.WhenAll(_underWay.Values));
        }
    }

    private async Task<TimeSpan> TryDeliverAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await DeliverAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            // What was not deleted is delivered again.
            return TimeSpan.Zero;
        }
    }

    /// <summary>Tells a server of one sale after another.</summary>
    /// <returns>What it has surely taken.</returns>
    private async Task<IReadOnlyList<long>> TellAsync(
        IGrouping<SaleId, OutboxEntry>[] sales, CancellationToken cancellationToken)
    {
        var delivered = new List<long>();
        foreach (var ofSale in sales)
        {
            delivered.AddRange(await GiveAsync(ofSale.Key, [.. ofSale], cancellationToken));
        }

        return delivered;
    }

    /// <summary>Gives a gate what it is to be told.</summary>
    /// <returns>What it has surely taken.</returns>
    private async Task<IEnumerable<long>> GiveAsync(
        SaleId sale, OutboxEntry[] entries, CancellationToken cancellationToken)
    {
        if (ended?.Has(sale) == true)
        {
            return entries.Select(entry => entry.Id);
        }

        var releases = Array.FindAll(entries, entry => entry.Release is not null);
        var terms = Array.FindAll(entries, entry => entry.Terms is not null);
        var delivered = new List<long>();
        if (releases.Length > 0
            && await gate.ReleaseAsync([.. releases.Select(entry => entry.Release!.Value)], cancellationToken)
                is [var (_, view)])
        {
            See(sale, view);
            delivered.AddRange(releases.Select(entry => entry.Id));
        }

        // All of them show the terms as they are now.
        if (terms is [.., var last] && await gate.ApplyAsync(last.Terms!, last.Epoch, cancellationToken) is { } after)
        {
            See(sale, after);
            delivered.AddRange(terms.Select(entry => entry.Id));
        }

        return delivered.Concat(await RebuiltSinceAsync(sale, entries, cancellationToken));
    }

    /// <summary>
    /// Words that the gate had drifted, where it has been rebuilt since; until then they are the rebuilder's.
    /// </summary>
    private async Task<IEnumerable<long>> RebuiltSinceAsync(
        SaleId sale, OutboxEntry[] entries, CancellationToken cancellationToken)
    {
        var drifted = Array.FindAll(entries, entry => entry.HasDrifted);
        if (drifted.Length == 0)
        {
            return [];
        }

        try
        {
            var look = await gate.LookAsync(sale, cancellationToken);
            return look.Standing == GateStanding.Open
                ? drifted.Where(entry => entry.Epoch < look.Epoch).Select(entry => entry.Id)
                : [];
        }
        catch (GateUnavailableException)
        {
            return [];
        }
    }

    private void See(SaleId sale, StockView view)
    {
        if (catalog.TryFind(sale.ToString(), out var listing))
        {
            listing.Mark.See(view);
        }
    }
}
