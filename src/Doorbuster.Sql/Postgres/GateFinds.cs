using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>What a transaction has read, locked or not, of the claims that the store itself is to judge.</summary>
/// <param name="Sales">Their sales.</param>
/// <param name="Now">The server's time, read after the sales.</param>
/// <param name="Owner">How often the store was taken over, and the gate that works on it, read after the sales.</param>
internal sealed record GateFinds(
    IReadOnlyDictionary<SaleId, LockedSale> Sales, DateTimeOffset Now, (long Number, string? Gate) Owner)
{
    /// <summary>
    /// By itself, and after the sales: what is read later is never older than they are, and a lock that was waited for
    /// has cost no sale its opening or its closing time (F14).
    /// </summary>
    private const string SelectNow = "SELECT clock_timestamp(), owner, gate FROM ownership";

    /// <summary>
    /// What a sale's claims find: a row for each whose buyer ever made an order, with the order under the claim's id.
    /// </summary>
    private const string SelectFound =
        """
        SELECT q.at, h.quantity, cardinality(h.orders), o.status, o.quantity, o.turn, o.reserved_at
        FROM (SELECT no FROM sales WHERE id = $1 OFFSET 0) AS s
             CROSS JOIN unnest($2, $3) WITH ORDINALITY AS q (buyer, key, at)
             CROSS JOIN LATERAL (
                 SELECT quantity, orders FROM holdings WHERE sale_no = s.no AND buyer = q.buyer OFFSET 0) AS h
             LEFT JOIN LATERAL (
                 SELECT status, quantity, turn, reserved_at FROM orders
                 WHERE q.key = ANY (h.orders) AND sale_no = s.no AND key = q.key OFFSET 0) AS o ON true
        """;

    private readonly Dictionary<SaleBatch, FoundSale> _found = [];

    /// <summary>The claims' buyers who have a holdings row, by the number of the sale.</summary>
    public HashSet<(int SaleNo, BuyerId Buyer)> Holders { get; } = [];

    /// <summary>What late money's claims are about.</summary>
    public FoundRecords Records { get; private set; } = new();

    /// <summary>What was read of a batch's sale; null where there is none.</summary>
    public FoundSale? Of(SaleBatch batch) => _found.GetValueOrDefault(batch);

    /// <summary>Adds the statements that read it.</summary>
    /// <param name="batch">Where they go.</param>
    /// <param name="sales">Reads the sales, and locks them perhaps.</param>
    /// <param name="batches">The claims.</param>
    /// <param name="revivals">Those of late money.</param>
    public static void AddTo(
        NpgsqlBatch batch, string sales, IReadOnlyList<SaleBatch> batches, IReadOnlyList<Claim> revivals)
    {
        batch.Add(sales, Parameters.Of([.. batches.Select(one => (string?)one.Sale.ToString())]));
        batch.Add(SelectNow);
        foreach (var one in batches)
        {
            var claims = one.Claims;
            var (buyers, keys) = (new string?[claims.Length], new Guid[claims.Length]);
            for (var i = 0; i < claims.Length; i++)
            {
                buyers[i] = claims[i].Buyer.ToString();
                keys[i] = Parameters.ToGuid(claims[i].Order.Key);
            }

            batch.Add(SelectFound, Parameters.Of(one.Sale.ToString()), Parameters.Of(buyers), Parameters.Of(keys));
        }

        if (revivals.Count > 0)
        {
            Wanted.By(revivals).AddTo(batch);
        }
    }

    /// <summary>Reads what those statements found.</summary>
    public static async Task<GateFinds> ReadAsync(
        NpgsqlDataReader reader, IReadOnlyList<SaleBatch> batches, bool hasRevivals)
    {
        var sales = new Dictionary<SaleId, LockedSale>();
        while (await reader.ReadAsync())
        {
            var sale = SaleRows.ReadLocked(reader);
            sales.Add(sale.Id, sale);
        }

        await reader.NextResultAsync();
        await reader.ReadAsync();
        var finds = new GateFinds(
            sales, reader.GetTime(0), (reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        foreach (var batch in batches)
        {
            await reader.NextResultAsync();
            await finds.ReadAsync(reader, batch);
        }

        if (hasRevivals)
        {
            await reader.NextResultAsync();
            finds.Records = await Wanted.ReadAsync(reader);
        }

        return finds;
    }

    private async Task ReadAsync(NpgsqlDataReader reader, SaleBatch batch)
    {
        if (!Sales.TryGetValue(batch.Sale, out var sale))
        {
            return;
        }

        var buyers = new Dictionary<BuyerId, (int Units, int Orders)>();
        var standing = new Dictionary<OrderKey, StandingOrder>();
        while (await reader.ReadAsync())
        {
            var claim = batch.Claims[(int)reader.GetInt64(0) - 1];
            buyers[claim.Buyer] = (reader.GetInt32(1), reader.GetInt32(2));
            Holders.Add((sale.No, claim.Buyer));
            if (!reader.IsDBNull(3))
            {
                var held = OrderRows.Held((OrderStatus)reader.GetInt16(3), reader.GetInt32(4));
                var key = claim.Order.Key;
                standing[key] = new StandingOrder(
                    claim.Buyer, new HeldOrder(key, held, held == 0 ? 0 : reader.GetInt32(5)),
                    reader.IsDBNull(6) ? null : reader.GetTime(6));
            }
        }

        _found[batch] = new FoundSale(
            sale.Epoch, sale.AvailableVersion, sale.Admitted, sale.Revision, sale.Available,
            new FoundTerms(
                sale.OpensAt, sale.ClosesAt, sale.Mode, sale.PerBuyerLimit, sale.Price, sale.PaymentWindow))
        {
            Buyers = buyers,
            Standing = [.. standing.Values],
            Asks = claim => FulfilmentRule.Asks(
                claim, Records.Orders.GetValueOrDefault(claim.Order),
                Records.Payments.TryGetValue(claim.Revival!.Payment, out var asks) ? asks.Payment : null),
        };
    }
}
