using Doorbuster.Fulfilment;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>What a gate admitted, as orders.</content>
public sealed partial class PostgresStore
{
    private const string SelectRevived =
        """
        SELECT q.key
        FROM unnest($1, $2, $3) AS q (sale, key, payment)
             CROSS JOIN LATERAL (SELECT no FROM sales WHERE id = q.sale OFFSET 0) AS s
             CROSS JOIN LATERAL (SELECT * FROM orders WHERE sale_no = s.no AND key = q.key OFFSET 0) AS o
             CROSS JOIN LATERAL (SELECT id FROM payments WHERE no = o.payment_no OFFSET 0) AS p
        WHERE o.status = 2 AND p.id = q.payment
        """;

    private const string SelectStanding =
        """
        SELECT o.key
        FROM unnest($1, $2) AS q (sale, key)
             CROSS JOIN LATERAL (SELECT no FROM sales WHERE id = q.sale OFFSET 0) AS s
             CROSS JOIN LATERAL (SELECT key FROM orders WHERE sale_no = s.no AND key = q.key OFFSET 0) AS o
        """;

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> CommitAsync(
        IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken)
    {
        if (IsShared)
        {
            throw new InvalidOperationException("Claims of a store that nodes share come by another port.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var (receipt, fault) = await TryCommitAsync(admissions, cancellationToken);
        _turns.Note(receipt.Status, fault?.Message);
        return receipt;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
        Admissions admissions, CancellationToken cancellationToken)
    {
        try
        {
            var (transaction, standing) = await BeginAsync(
                batch => ReadBack(batch, admissions), ReadStandingAsync, cancellationToken);
            await using (transaction)
            {
                await transaction.CommitAsync(_ => { });
            }

            return standing;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Order>> FindAsync(
        IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) =>
        orders.Count == 0
            ? ValueTask.FromResult<IReadOnlyList<Order>>([])
            : ReadAsync<IReadOnlyList<Order>>(
                async connection =>
                {
                    await using var command = new NpgsqlCommand(OrderRows.SelectByIds, connection);
                    command.Parameters.AddRange(OrderRows.OfIds(orders));
                    await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                    var found = new List<Order>(orders.Count);
                    while (await rows.ReadAsync(cancellationToken))
                    {
                        found.Add(OrderRows.Read(rows));
                    }

                    return found;
                },
                cancellationToken);

    private async Task<(CommitReceipt Receipt, Exception? Fault)> TryCommitAsync(
        IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken)
    {
        try
        {
            var revivals = admissions.SelectMany(ofSale => ofSale.Revivals).ToArray();
            var (transaction, found) = await BeginAsync(
                batch => LockSales(batch, admissions, revivals),
                reader => ReadLockedAsync(reader, hasRecords: revivals.Length > 0),
                cancellationToken);
            await using (transaction)
            {
                return (await CommitAsync(transaction, admissions, found), null);
            }
        }
        catch (StoreUnavailableException fault)
        {
            return (new CommitReceipt(CommitStatus.Failed), fault);
        }
        catch (OutcomeUnknownException fault)
        {
            return (new CommitReceipt(CommitStatus.Unknown), fault);
        }
    }

    /// <exception cref="PostgresException">
    /// A constraint refused a row, so that the gate had decided wrongly: nothing was written.
    /// </exception>
    private static async Task<CommitReceipt> CommitAsync(
        WriteTransaction transaction, IReadOnlyList<Admissions> admissions, Locked found)
    {
        var stale = new HashSet<SaleId>();
        var changed = new HashSet<SaleId>();
        var moves = new StockMoves();
        var changes = new OrderChanges(found.Sales, found.Records, moves);
        foreach (var ofSale in admissions)
        {
            if (!found.Sales.TryGetValue(ofSale.Sale, out var sale)
                || sale.Epoch != ofSale.Epoch || sale.Admitted != ofSale.Before)
            {
                stale.Add(ofSale.Sale);
            }
            else if (sale.Revision > ofSale.Revision)
            {
                changed.Add(ofSale.Sale);
            }
            else if (sale.Revision < ofSale.Revision || sale.Available < ofSale.Units)
            {
                stale.Add(ofSale.Sale);
            }
            else
            {
                moves.Reserve(sale, ofSale.Orders);
                foreach (var claim in ofSale.Revivals)
                {
                    changes.Revive(claim, ofSale.Now);
                }
            }
        }

        if (stale.Count + changed.Count < admissions.Count)
        {
            await transaction.CommitAsync(writes =>
            {
                moves.AddTo(writes);
                changes.AddTo(writes);
            });
        }

        return new CommitReceipt(CommitStatus.Committed, stale, changed);
    }

    private static void LockSales(
        NpgsqlBatch batch, IReadOnlyList<Admissions> admissions, Claim[] revivals)
    {
        batch.Add(SaleRows.Lock, Parameters.Of([.. admissions.Select(ofSale => (string?)ofSale.Sale.ToString())]));
        if (revivals.Length > 0)
        {
            Wanted.By(revivals).AddTo(batch);
        }
    }

    private static async Task<Locked> ReadLockedAsync(NpgsqlDataReader reader, bool hasRecords)
    {
        var sales = new Dictionary<SaleId, LockedSale>();
        while (await reader.ReadAsync())
        {
            var sale = SaleRows.ReadLocked(reader);
            sales.Add(sale.Id, sale);
        }

        if (!hasRecords)
        {
            return new Locked(sales, new FoundRecords());
        }

        await reader.NextResultAsync();
        return new Locked(sales, await Wanted.ReadAsync(reader));
    }

    /// <summary>The lock is got once the lost transaction has ended, for that one had it before.</summary>
    private static void ReadBack(NpgsqlBatch batch, Admissions admissions)
    {
        batch.Add(SaleRows.Lock, Parameters.Of([(string?)admissions.Sale.ToString()]));
        batch.Add(SelectStanding, OrderRows.OfIds([.. admissions.Orders.Select(order => order.Id)]));
        batch.Add(
            SelectRevived,
            [
                .. OrderRows.OfIds([.. admissions.Revivals.Select(claim => claim.Order)]),
                Parameters.Of([.. admissions.Revivals.Select(claim => (string?)$"{claim.Revival!.Payment}")]),
            ]);
    }

    private static async Task<HashSet<OrderKey>> ReadStandingAsync(NpgsqlDataReader reader)
    {
        var standing = new HashSet<OrderKey>();
        while (await reader.NextResultAsync())
        {
            while (await reader.ReadAsync())
            {
                standing.Add(OrderRows.ReadKey(reader, 0));
            }
        }

        return standing;
    }

    /// <summary>What a transaction has locked and read.</summary>
    private sealed record Locked(Dictionary<SaleId, LockedSale> Sales, FoundRecords Records);
}
