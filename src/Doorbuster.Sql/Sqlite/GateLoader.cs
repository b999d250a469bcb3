using Doorbuster.Claims;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Reads every sale and every order once, and makes of them what the gates and the index of orders need.
/// </summary>
internal sealed class GateLoader
{
    private readonly Dictionary<long, Holdings> _holdings = [];

    private GateLoader(List<StoredSale> sales, long orders)
    {
        Sales = sales;
        Index = new OrderIndex(Expected(sales.Sum(sale => sale.Admitted), orders));
        foreach (var sale in sales)
        {
            _holdings.Add(sale.No, new Holdings(Expected(sale.Admitted, orders)));
        }
    }

    public List<StoredSale> Sales { get; }

    public OrderIndex Index { get; }

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

        var loader = new GateLoader(sales, connection.ReadInt64("SELECT coalesce(max(no), 0) FROM orders"));
        loader.ReadOrders(connection);
        return loader;
    }

    /// <summary>Reads one sale, with its orders, for a gate that is opened anew.</summary>
    public static GateSnapshot LoadOne(Connection connection, long no)
    {
        using var row = connection.Prepare(SaleRows.SelectByNo);
        row.Bind(1, no).Step();
        var sale = SaleRows.Read(row);
        var holdings = new Holdings();
        using var orders = connection.Prepare($"{OrderRows.SelectHoldings} WHERE sale_no = ?1 ORDER BY no");
        orders.Bind(1, no);
        while (orders.Step())
        {
            holdings.Add(OrderRows.ReadBuyer(orders, 3), HeldIn(orders));
        }

        return new GateSnapshot(sale.Sale, sale.Epoch, sale.Stock, sale.Admitted, holdings);
    }

    private void ReadOrders(Connection connection)
    {
        using var orders = connection.Prepare(OrderRows.SelectHoldings);
        var block = new OrderBlock();
        var saleNo = 0L;
        Holdings? holdings = null;
        while (orders.Step())
        {
            var row = orders.GetInt64(0);
            if (holdings is null || block.IsFull || saleNo != orders.GetInt64(1))
            {
                block.MoveTo(holdings, Index);
                saleNo = orders.GetInt64(1);
                holdings = _holdings.GetValueOrDefault(saleNo) ?? throw new InvalidDataException(
                    $"Order {row} of the store has no sale: the database is damaged.");
            }

            block.Add(row, orders.GetBytes(3), HeldIn(orders));
            if ((OrderStatus)orders.GetInt64(5) == OrderStatus.Reserved)
            {
                Expiries.Add(row, orders.GetInt64(7));
            }

            NextRow = row + 1;
        }

        block.MoveTo(holdings, Index);
    }

    private static HeldOrder HeldIn(Statement order)
    {
        var held = OrderRows.Held((OrderStatus)order.GetInt64(5), checked((int)order.GetInt64(4)));
        var turn = held == 0 ? 0 : checked((int)order.GetInt64(6));
        return new HeldOrder(OrderRows.ReadKey(order, 2), held, turn);
    }

    /// <summary>How many there will be, as the sales count them, unless they count more than there are rows.</summary>
    private static int Expected(long admitted, long rows) => (int)Math.Clamp(admitted, 0, Math.Min(rows, int.MaxValue));
}
