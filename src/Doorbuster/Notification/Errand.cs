using System.Threading.Channels;
using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Notification;

/// <summary>Tells one of the gate's servers what the store has to tell it, of one sale after another.</summary>
/// <remarks>
/// Invariant: an entry is deleted only after a gate of its epoch has taken it, or one of a later epoch has said that it
/// has it in its snapshot. One whose gate is missing, damaged or older stays, and holds up no other (F12, F19). Each
/// pass begins at the first entry: entries that commit late have lower ids than some that were seen before. What a
/// server that hangs was sent, it does when it wakes, and much of that would keep it busy with nothing else: so it is
/// asked one thing at a time.
/// </remarks>
/// <param name="server">The server, as the gate names it.</param>
/// <param name="outbox">What is to be told.</param>
/// <param name="turn">Turns at reading that.</param>
/// <param name="gate">Who is told.</param>
/// <param name="catalog">Where this node keeps what gates say.</param>
/// <param name="clock">The time.</param>
/// <param name="ended">The sales that are over, which have no gate to be told anything; none where null.</param>
internal sealed class Errand(
    string server, IOutbox outbox, SemaphoreSlim turn, ISharedGate gate, Catalog catalog, TimeProvider clock,
    EndedSales? ended)
{
    private const int AtOnce = 1_000;

    /// <summary>
    /// Where there are several servers, each reads the others' words too: for so many times as long it reads nothing
    /// then, but for no longer than this, for its units are due within a second.
    /// </summary>
    private static readonly (int Times, TimeSpan AtMost) Rest = (3, TimeSpan.FromMilliseconds(400));

    // Somebody has written something: one such word is enough.
    private readonly Channel<bool> _word = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The server, as the gate names it.</summary>
    public string Server => server;

    /// <summary>Has the next pass begin at once. It returns at once.</summary>
    public void Hurry() => _word.Writer.TryWrite(true);

    /// <summary>Delivers on and on until there is no such server, or it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (gate.Servers.Contains(server) && await _word.Reader.ReadAsync(cancellationToken))
        {
            var reading = await TryDeliverAsync(cancellationToken);
            if (gate.Servers.Count > 1 && reading > TimeSpan.Zero)
            {
                var rest = Rest.Times * reading;
                await Task.Delay(rest < Rest.AtMost ? rest : Rest.AtMost, clock, cancellationToken);
            }
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
            return Rest.AtMost;
        }
    }

    /// <summary>Delivers once all that can be delivered now.</summary>
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
            (entries, var time) = await ReadAsync(after, cancellationToken);
            reading += time;
            var delivered = new List<long>();
            var sales = entries.GroupBy(entry => entry.Sale);
            foreach (var ofSale in sales.Where(one => gate.ServerOf(one.Key) == server))
            {
                delivered.AddRange(await GiveAsync(ofSale.Key, [.. ofSale], cancellationToken));
            }

            if (delivered.Count > 0)
            {
                await outbox.DeleteAsync(delivered, cancellationToken);
            }

            after = entries.Count > 0 ? entries[^1].Id : after;
        }
        while (entries.Count == AtOnce);

        return reading;
    }

    private async Task<(IReadOnlyList<OutboxEntry> Entries, TimeSpan Time)> ReadAsync(
        long after, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var asked = clock.GetTimestamp();
            return (await outbox.ReadAsync(after, AtOnce, cancellationToken), clock.GetElapsedTime(asked));
        }
        finally
        {
            turn.Release();
        }
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
