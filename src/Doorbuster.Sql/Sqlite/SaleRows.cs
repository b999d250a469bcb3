namespace Doorbuster.Sql.Sqlite;

/// <summary>How a sale is a row, and a row a sale.</summary>
internal static class SaleRows
{
    public const string Insert =
        """
        INSERT INTO sales (no, id, title, description, image_url, price_amount, price_currency, opens_at_ms,
                           closes_at_ms, per_buyer_limit, payment_window_ms, require_purchase_token, mode, revision,
                           created_at_ms, order_id_key)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """;

    public const string InsertStock =
        """
        INSERT INTO stock (sale_no, epoch, admitted, quantity, available, reserved, sold, version)
        VALUES (?1, 1, 0, ?2, ?2, 0, 0, 0)
        """;

    public const string Update =
        """
        UPDATE sales
        SET title = ?3, description = ?4, image_url = ?5, price_amount = ?6, price_currency = ?7, opens_at_ms = ?8,
            closes_at_ms = ?9, per_buyer_limit = ?10, payment_window_ms = ?11, require_purchase_token = ?12, mode = ?13,
            revision = ?14
        WHERE no = ?1 AND revision = ?2
        """;

    public const string AddUnits =
        """
        UPDATE stock
        SET quantity = quantity + ?2, available = available + ?2, events = events + 1, version = version + 1
        WHERE sale_no = ?1
        """;

    private const string Select =
        """
        SELECT s.no, s.id, s.title, s.description, s.image_url, s.price_amount, s.price_currency, s.opens_at_ms,
               s.closes_at_ms, s.per_buyer_limit, s.payment_window_ms, s.require_purchase_token, s.mode, s.revision,
               s.created_at_ms, s.order_id_key,
               k.epoch, k.admitted, k.quantity, k.available, k.reserved, k.sold, k.version
        FROM sales AS s JOIN stock AS k ON k.sale_no = s.no
        """;

    private const string SelectStock =
        "SELECT quantity, available, reserved, sold, version FROM stock WHERE sale_no = ?1";

    public const string SelectAll = $"{Select} ORDER BY s.id";

    public const string SelectByNo = $"{Select} WHERE s.no = ?1";

    public static void Write(Statement insert, long no, Sale sale) =>
        insert
            .Bind(1, no)
            .BindText(2, sale.Id.ToString())
            .BindText(3, sale.Title)
            .BindText(4, sale.Description)
            .BindText(5, sale.ImageUrl?.OriginalString)
            .Bind(6, sale.Price.Amount)
            .BindText(7, sale.Price.Currency)
            .Bind(8, sale.OpensAt.ToUnixTimeMilliseconds())
            .Bind(9, sale.ClosesAt?.ToUnixTimeMilliseconds())
            .Bind(10, sale.PerBuyerLimit)
            .Bind(11, (long)sale.PaymentWindow.TotalMilliseconds)
            .Bind(12, sale.RequirePurchaseToken ? 1 : 0)
            .Bind(13, (long)sale.Mode)
            .Bind(14, sale.Revision)
            .Bind(15, sale.CreatedAt.ToUnixTimeMilliseconds())
            .BindBlob(16, sale.OrderIdKey.Span)
            .Run();

    public static void WriteChange(Statement update, long no, long before, Sale sale) =>
        update
            .Bind(1, no)
            .Bind(2, before)
            .BindText(3, sale.Title)
            .BindText(4, sale.Description)
            .BindText(5, sale.ImageUrl?.OriginalString)
            .Bind(6, sale.Price.Amount)
            .BindText(7, sale.Price.Currency)
            .Bind(8, sale.OpensAt.ToUnixTimeMilliseconds())
            .Bind(9, sale.ClosesAt?.ToUnixTimeMilliseconds())
            .Bind(10, sale.PerBuyerLimit)
            .Bind(11, (long)sale.PaymentWindow.TotalMilliseconds)
            .Bind(12, sale.RequirePurchaseToken ? 1 : 0)
            .Bind(13, (long)sale.Mode)
            .Bind(14, sale.Revision)
            .Run();

    /// <summary>The units of sales, each as it is now.</summary>
    public static List<(SaleId Sale, Stock Stock)> ReadStock(
        Connection connection, IReadOnlyList<(SaleId Id, long No)> sales)
    {
        var stocks = new List<(SaleId, Stock)>(sales.Count);
        using var row = connection.Prepare(SelectStock);
        foreach (var (id, no) in sales)
        {
            if (row.Bind(1, no).Step())
            {
                stocks.Add((id, new Stock(
                    row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))));
            }

            row.Reset();
        }

        return stocks;
    }

    public static StoredSale Read(Statement row) =>
        new(
            row.GetInt64(0),
            new Sale
            {
                Id = SaleId.Parse(row.GetText(1)),
                Title = row.GetText(2),
                Description = row.GetNullableText(3),
                ImageUrl = row.GetNullableText(4) is { } url ? new Uri(url) : null,
                Quantity = checked((int)row.GetInt64(18)),
                Price = new Money(row.GetInt64(5), row.GetText(6)),
                OpensAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
                ClosesAt = row.GetNullableInt64(8) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
                PerBuyerLimit = checked((int)row.GetInt64(9)),
                PaymentWindow = TimeSpan.FromMilliseconds(row.GetInt64(10)),
                RequirePurchaseToken = row.GetInt64(11) == 1,
                Mode = (SaleMode)row.GetInt64(12),
                Revision = row.GetInt64(13),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(14)),
                OrderIdKey = row.GetBytes(15).ToArray(),
            },
            Epoch: row.GetInt64(16),
            Admitted: row.GetInt64(17),
            new Stock(
                row.GetInt64(18), row.GetInt64(19), row.GetInt64(20), row.GetInt64(21), row.GetInt64(22)));
}

/// <summary>A sale with its units, as the database has them.</summary>
/// <param name="No">The number by which other rows name it.</param>
/// <param name="Sale">The terms.</param>
/// <param name="Epoch">The gate's epoch.</param>
/// <param name="Admitted">Claims admitted in its whole life.</param>
/// <param name="Stock">The units.</param>
internal sealed record StoredSale(long No, Sale Sale, long Epoch, long Admitted, Stock Stock);
