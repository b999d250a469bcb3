using System.Threading.Channels;
using Doorbuster.Claims;

namespace Doorbuster.Admission;

/// <summary>
/// Word that a sale has units again, for the nodes that show it as sold out. Nothing rests on it: before a mark refuses
/// anyone the store is asked (<see cref="SharedMarks"/>), and what is shown is looked at four times a second anyway.
/// </summary>
/// <remarks>Tests: <c>StoreGateNodeTests</c>.</remarks>
/// <param name="listen">Begins to hear which sales have units again.</param>
/// <param name="gate">Says how many.</param>
/// <param name="catalog">Where the marks are.</param>
public sealed class Reopenings(Action<Action<SaleId>> listen, StoreGate gate, Catalog catalog)
{
    private readonly Channel<SaleId> _heard = Channel.CreateBounded<SaleId>(
        new BoundedChannelOptions(1_024) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Hears until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        listen(sale => _heard.Writer.TryWrite(sale));
        var some = new HashSet<SaleId>();
        while (await _heard.Reader.WaitToReadAsync(cancellationToken))
        {
            some.Clear();
            while (_heard.Reader.TryRead(out var sale))
            {
                some.Add(sale);
            }

            foreach (var sale in some)
            {
                await LookAsync(sale, cancellationToken);
            }
        }
    }

    private async Task LookAsync(SaleId sale, CancellationToken cancellationToken)
    {
        try
        {
            if (catalog.TryFind(sale.ToString(), out var listing)
                && (await gate.LookAsync(sale, cancellationToken)).View is { } view)
            {
                listing.Mark.See(view);
            }
        }
        catch (GateUnavailableException)
        {
            // The next look at all sales finds out.
        }
    }
}
