using System.Threading.Channels;
using Doorbuster.Claims;

namespace Doorbuster.Admission;

/// <summary>
/// What a sold-out mark needs where nodes share a gate: every order that the gate has, by scanning it once nothing is
/// left; and before anyone is refused, the gate's word that it is still as it was then.
/// </summary>
/// <remarks>
/// Invariant: whoever is refused by a mark asked before a look at the gate began that found it as it was when all of
/// its orders were read, and is none of those who have one (F17). A scan costs the gate a call for a thousand buyers,
/// so a sale is scanned during a tenth of the time at most. Tests: <c>SharedMarkTests</c>.
/// </remarks>
/// <param name="gate">The gate.</param>
/// <param name="clock">The time between two scans of a sale.</param>
public sealed class SharedMarks(IRemoteGate gate, TimeProvider clock)
{
    /// <summary>The least time between two scans of a sale.</summary>
    public static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);

    private const int RestForWork = 10;

    private readonly Lock _lock = new();

    /// <summary>When a sale may be scanned again; one that waits for its scan may not.</summary>
    private readonly Dictionary<SaleId, (long Since, TimeSpan Pause)> _resting = [];

    /// <summary>Those for whom the look that runs now began too early, by sale; null where there are none.</summary>
    private readonly Dictionary<SaleId, TaskCompletionSource<StockView?>?> _looking = [];

    private readonly Channel<Listing> _wanted = Channel.CreateBounded<Listing>(
        new BoundedChannelOptions(1_024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>
    /// What the gate must still say for a claim to be refused as sold out; null where it is to be decided by the gate.
    /// </summary>
    public StockView? Refuses(Listing listing, OrderHead order, BuyerId buyer)
    {
        if (listing.Mark.View.Available > 0)
        {
            return null;
        }

        if (listing.Mark.IsFilled)
        {
            return listing.Mark.RefusesWhile(order, buyer);
        }

        Want(listing);
        return null;
    }

    /// <summary>
    /// What the gate says in a look that begins from now on; all who ask while one runs share the next. Null where it
    /// says nothing.
    /// </summary>
    public Task<StockView?> LookAsync(SaleId sale)
    {
        var asked = new TaskCompletionSource<StockView?>();
        lock (_lock)
        {
            if (_looking.TryGetValue(sale, out var next))
            {
                if (next is not null)
                {
                    return next.Task;
                }

                _looking[sale] = asked;
                return asked.Task;
            }

            _looking.Add(sale, null);
        }

        _ = LookAsync(sale, asked);
        return asked.Task;
    }

    /// <summary>Scans until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var listing = await _wanted.Reader.ReadAsync(cancellationToken);
            var began = clock.GetTimestamp();
            await FillAsync(listing, cancellationToken);
            var rest = RestForWork * clock.GetElapsedTime(began);
            lock (_lock)
            {
                _resting[listing.Sale.Id] = (clock.GetTimestamp(), rest > LeastRest ? rest : LeastRest);
            }
        }
    }

    private void Want(Listing listing)
    {
        var sale = listing.Sale.Id;
        lock (_lock)
        {
            if ((!_resting.TryGetValue(sale, out var last) || clock.GetElapsedTime(last.Since) >= last.Pause)
                && _wanted.Writer.TryWrite(listing))
            {
                _resting[sale] = (clock.GetTimestamp(), TimeSpan.MaxValue);
            }
        }
    }

    private async Task FillAsync(Listing listing, CancellationToken cancellationToken)
    {
        try
        {
            if (await gate.ReportAsync(listing.Sale.Id, cancellationToken)
                is { IsMoving: false, View: { Available: 0 } view } report)
            {
                var known = new OrderFilter(report.Orders.Count + report.Buyers.Count);
                foreach (var order in report.Orders)
                {
                    known.Add(order.Key.High);
                }

                foreach (var buyer in report.Buyers)
                {
                    known.Add(buyer);
                }

                listing.Mark.Fill(view, known);
            }
        }
        catch (GateUnavailableException)
        {
            // Claims go to the gate, and are told so.
        }
    }

    /// <summary>Looks for those who have asked; who has come meanwhile is looked for next.</summary>
    private async Task LookAsync(SaleId sale, TaskCompletionSource<StockView?> asked)
    {
        StockView? view = null;
        Exception? failure = null;
        try
        {
            view = (await gate.LookAsync(sale, CancellationToken.None)).View;
        }
        catch (GateUnavailableException)
        {
            // Nothing is said.
        }
        catch (Exception fault)
        {
            failure = fault;
        }

        if (Next(sale) is { } next)
        {
            _ = LookAsync(sale, next);
        }

        if (failure is null)
        {
            asked.SetResult(view);
        }
        else
        {
            asked.SetException(failure);
        }
    }

    private TaskCompletionSource<StockView?>? Next(SaleId sale)
    {
        lock (_lock)
        {
            var next = _looking[sale];
            if (next is null)
            {
                _looking.Remove(sale);
            }
            else
            {
                _looking[sale] = null;
            }

            return next;
        }
    }
}
