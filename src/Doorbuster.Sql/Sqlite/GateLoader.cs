using Doorbuster.Claims;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Reads every sale and every order once, and makes of them what the gates and the index of orders need.
/// </summary>
internal sealed class GateLoader
{
    private readonly Dictionary<long, Holdings> _holdings = [];

    private GateLoader(List<StoredSale> sales)
    {
        Sales = sales;
        foreach (var sale in sales)
        {
            _holdings.Add(sale.No, new Holdings());
        }
    }

    public List<StoredSale> Sales { get; }

    public OrderIndex Index { get; } = new();

    public ExpiryRuns Expiries { get; } = new();

    public long NextRow { get; private set; } = 1;

    public List<GateSnapshot> Snapshots =>
        Sales.ConvertAll(s => new GateSnapshot(s.Sale, s.Epoch, s.Stock, s.Admitted, _holdings[s.No]));

    /// <summary>Reads all; nobody writes meanwhile, for the caller is the writer.</summary>
    /// <exception cref="InvalidDataException">Two orders have one id, or an order has no sale.</exception>
    public static GateLoader Load(Connection connection)
    {
        var sales = new List<StoredSale>();
        using (var rows = connection.Prepare(SaleRows.SelectAll))
        {
            while (rows.Step())
            {
                sales.Add(SaleRows.Read(rows));
            }
        }

        var loader = new GateLoader(sales);
        loader.ReadOrders(connection);
        return loader;
    }

    private void ReadOrders(Connection connection)
    {
        using var orders = connection.Prepare(OrderRows.SelectHoldings);
        while (orders.Step())
        {
            var row = orders.GetInt64(0);
            var key = OrderRows.ReadKey(orders, 2);
            if (!Index.TryAdd(key, row) || !_holdings.TryGetValue(orders.GetInt64(1), out var holdings))
            {
                throw new InvalidDataException(
                    $"Order {row} of the store has another order's id, or no sale: the database is damaged.");
            }

            var status = (OrderStatus)orders.GetInt64(5);
            var held = OrderRows.Held(status, checked((int)orders.GetInt64(4)));
            var turn = held == 0 ? 0 : checked((int)orders.GetInt64(6));
            holdings.Add(OrderRows.ReadBuyer(orders, 3), new HeldOrder(key, held, turn));
            if (status == OrderStatus.Reserved)
            {
                Expiries.Add(row, orders.GetTime(8)!.Value, orders.GetTime(7)!.Value);
            }

            NextRow = row + 1;
        }
    }
}
