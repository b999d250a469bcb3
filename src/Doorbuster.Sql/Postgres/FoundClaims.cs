using Doorbuster.Dispatch;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>What a transaction has locked and read of the claims that it is to judge.</summary>
/// <param name="Sales">Their sales.</param>
/// <param name="Orders">The orders that stand under their ids.</param>
/// <param name="Held">What their buyers hold in all, by the number of the sale.</param>
/// <param name="Records">What late money's claims are about.</param>
/// <param name="Letters">Those of the claims that are buried, with the epochs that their letters carry.</param>
internal sealed record FoundClaims(
    IReadOnlyDictionary<SaleId, LockedSale> Sales, IReadOnlyDictionary<OrderId, Order> Orders,
    IReadOnlyList<(int SaleNo, BuyerId Buyer, int Units)> Held, FoundRecords Records,
    IReadOnlyList<(DeadLetterId Id, long Epoch)> Letters)
{
    // A transaction may be about a thousand sales.
    private readonly ILookup<int, (int SaleNo, BuyerId Buyer, int Units)> _heldBySale = Held.ToLookup(h => h.SaleNo);

    /// <summary>Adds the statements that lock and read it.</summary>
    public static void AddTo(
        NpgsqlBatch batch, IReadOnlyList<AdmittedBatch> entries, Claim[] claims, Claim[] revivals)
    {
        string?[] sales = [.. entries.Select(entry => entry.Sale.ToString()).Distinct(StringComparer.Ordinal)];
        batch.Add(SaleRows.Lock, Parameters.Of(sales));
        batch.Add(OrderRows.SelectByIds, OrderRows.OfIds(Array.ConvertAll(claims, claim => claim.Order)));
        batch.Add(
            OrderRows.SelectHeld,
            Parameters.Of(Array.ConvertAll(claims, claim => (string?)claim.Order.Sale.ToString())),
            Parameters.Of(Array.ConvertAll(claims, claim => (string?)claim.Buyer.ToString())));
        batch.Add(
            DeadLetters.SelectByIds, OrderRows.OfIds(Array.ConvertAll(claims, claim => claim.Order)));
        if (revivals.Length > 0)
        {
            Wanted.By(revivals).AddTo(batch);
        }
    }

    /// <summary>Reads what those statements found.</summary>
    public static async Task<FoundClaims> ReadAsync(NpgsqlDataReader reader, bool hasRevivals)
    {
        var sales = new Dictionary<SaleId, LockedSale>();
        while (await reader.ReadAsync())
        {
            var sale = SaleRows.ReadLocked(reader);
            sales.Add(sale.Id, sale);
        }

        var orders = new Dictionary<OrderId, Order>();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var order = OrderRows.Read(reader);
            orders[order.Id] = order;
        }

        var held = new List<(int, BuyerId, int)>();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            held.Add((reader.GetInt32(0), OrderRows.ReadBuyer(reader, 1), reader.GetInt32(2)));
        }

        await reader.NextResultAsync();
        var letters = new List<(DeadLetterId, long)>();
        while (await reader.ReadAsync())
        {
            var order = new OrderId(SaleId.Parse(reader.GetString(0)), OrderRows.ReadKey(reader, 1));
            letters.Add((new DeadLetterId(order, reader.GetInt32(2)), reader.GetInt64(3)));
        }

        if (!hasRevivals)
        {
            return new FoundClaims(sales, orders, held, new FoundRecords(), letters);
        }

        await reader.NextResultAsync();
        return new FoundClaims(sales, orders, held, await Wanted.ReadAsync(reader), letters);
    }

    /// <summary>
    /// What the buyers of one sale's claims hold: the orders under the claims' ids one by one, and the rest of what is
    /// theirs as one, which is enough to know how much it is.
    /// </summary>
    public Holdings HoldingsOf(LockedSale sale, IEnumerable<Claim> claims)
    {
        var holdings = new Holdings();
        var rest = _heldBySale[sale.No]
            .DistinctBy(held => held.Buyer)
            .ToDictionary(held => held.Buyer, held => held.Units);
        foreach (var claim in claims.DistinctBy(claim => claim.Order))
        {
            if (Orders.TryGetValue(claim.Order, out var order))
            {
                holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, order.Held, order.Held == 0 ? 0 : order.Turn));
                rest[order.Buyer] = rest.GetValueOrDefault(order.Buyer) - order.Held;
            }
        }

        foreach (var (buyer, units) in rest.Where(held => held.Value > 0))
        {
            holdings.Add(buyer, new HeldOrder(default, units));
        }

        return holdings;
    }

    /// <summary>The claims' buyers who have a holdings row; the others have none.</summary>
    public IReadOnlySet<(int SaleNo, BuyerId Buyer)> Holders =>
        Held.Select(held => (held.SaleNo, held.Buyer)).ToHashSet();

    /// <summary>The epochs of one sale's letters; a claim that came twice was found twice.</summary>
    public IReadOnlyDictionary<DeadLetterId, long> BuriedOf(SaleId sale) => Letters
        .Where(letter => letter.Id.Order.Sale == sale)
        .DistinctBy(letter => letter.Id)
        .ToDictionary(letter => letter.Id, letter => letter.Epoch);

    /// <summary>The payments that late money's claims name.</summary>
    public IReadOnlyDictionary<PaymentId, Payment> Payments =>
        Records.Payments.ToDictionary(payment => payment.Key, payment => payment.Value.Payment);
}
