using System.Diagnostics.Metrics;
using Doorbuster.Claims;
using Doorbuster.Notification;
using Doorbuster.Orders;

namespace Doorbuster.Telemetry;

/// <summary>
/// Everything that the engine measures, on a meter named <see cref="MeterName"/>. Nobody's order and no buyer is in a
/// tag, so what is kept of it does not grow with the crowd. Where nobody listens, a claim costs a look at a flag.
/// </summary>
/// <remarks>
/// Counters say what this process saw done, by its own word or the store's; after an outcome that nobody knew at first
/// they may be a little behind. What must be exact is in the store: its events and the audit.
/// </remarks>
public sealed class Instruments
{
    /// <summary>The meter's name, by which a listener subscribes.</summary>
    public const string MeterName = "Doorbuster";

    /// <summary>Makes the instruments; their meter lives as long as the factory.</summary>
    /// <param name="meters">The host's.</param>
    public Instruments(IMeterFactory meters)
    {
        var version = typeof(Instruments).Assembly.GetName().Version?.ToString(fieldCount: 3);
        var meter = meters.Create(new MeterOptions(MeterName) { Version = version });
        Claims = new ClaimInstruments(meter);
        Commits = new CommitInstruments(meter);
        Orders = new OrderInstruments(meter);
        Watchers = new WatcherInstruments(meter);
        Stock = new StockInstruments(meter);
    }

    /// <summary>Claims, from their lane to their answer.</summary>
    internal ClaimInstruments Claims { get; }

    /// <summary>Transactions.</summary>
    internal CommitInstruments Commits { get; }

    /// <summary>What becomes of orders and their money.</summary>
    internal OrderInstruments Orders { get; }

    /// <summary>Who watches.</summary>
    internal WatcherInstruments Watchers { get; }

    /// <summary>The units of each sale.</summary>
    internal StockInstruments Stock { get; }

    /// <summary>
    /// Whether an instrument has a series a sale, which ends with the sale: who keeps the last value of each must
    /// forget those.
    /// </summary>
    /// <param name="instrument">The instrument's name.</param>
    public static bool IsOfSale(string instrument) => Tag.OfInstrument(instrument).Contains(Tag.Sale);

    /// <summary>Lets the gauges look at an engine from now on; until then they have no values.</summary>
    /// <param name="lanes">Where claims wait.</param>
    /// <param name="orders">Where changes of orders wait.</param>
    /// <param name="feed">Where watchers are.</param>
    /// <param name="stock">Knows the units of each sale.</param>
    public void Observe(Lanes lanes, OrderQueue orders, LiveFeed feed, StockTaker stock)
    {
        Claims.Observe(lanes);
        Orders.Observe(orders);
        Watchers.Observe(feed);
        Stock.Observe(stock);
    }
}
