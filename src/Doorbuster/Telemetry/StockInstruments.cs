using System.Diagnostics.Metrics;

namespace Doorbuster.Telemetry;

/// <summary>Shows the units of each sale that is not over.</summary>
internal sealed class StockInstruments
{
    public const string Available = "doorbuster.sale.available";
    public const string Reserved = "doorbuster.sale.reserved";
    public const string Sold = "doorbuster.sale.sold";
    public const string Law = "doorbuster.sale.law";
    public const string Sales = "doorbuster.sales";

    private readonly Instrument[] _ofSales;
    private volatile StockTaker? _taker;

    public StockInstruments(Meter meter)
    {
        _ofSales =
        [
            OfEach(meter, Available, "Units that nobody holds.", reading => reading.Stock.Available),
            OfEach(meter, Reserved, "Units whose orders wait for payment.", reading => reading.Stock.Reserved),
            OfEach(meter, Sold, "Units of paid orders.", reading => reading.Stock.Sold),
            meter.CreateObservableGauge(
                Law, () => Of(reading => reading.LawHolds ? 1 : 0), "1",
                "1 while quantity = available + reserved + sold in the store and the gate agrees with it; else 0."),
        ];
        meter.CreateObservableGauge(
            Sales, () => (_taker?.CountByState() ?? []).Select(ofState => new Measurement<long>(
                ofState.Sales, Tag.SaleState.With(TagValue.Of(ofState.State)))),
            "{sale}", "Sales that this process knows, by their state.");
    }

    /// <summary>Whether anyone asks for the units of sales.</summary>
    public bool IsHeard => Array.Exists(_ofSales, instrument => instrument.Enabled);

    public void Observe(StockTaker taker) => _taker = taker;

    private ObservableGauge<long> OfEach(
        Meter meter, string name, string description, Func<StockReading, long> value) =>
        meter.CreateObservableGauge(name, () => Of(value), "{unit}", description);

    private IEnumerable<Measurement<long>> Of(Func<StockReading, long> value) =>
        (_taker?.Readings ?? []).Select(reading => new Measurement<long>(
            value(reading), Tag.Sale.With(reading.Sale.ToString())));
}
