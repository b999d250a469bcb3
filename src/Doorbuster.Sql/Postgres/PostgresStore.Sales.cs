using Doorbuster.Claims;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>Sales: created, changed, taken over, counted.</content>
public sealed partial class PostgresStore
{
    private const string LockCreation = $"SELECT pg_advisory_xact_lock({AdvisoryLocks.Creation})";

    private const string ShareOwnership = "SELECT owner FROM ownership FOR SHARE";

    private const string SelectStock =
        "SELECT id, quantity, available, reserved, sold, version FROM sales WHERE id = ANY($1)";

    private const string InsertEvent =
        """
        INSERT INTO events (sale_no, no, kind, at, order_revision, sale_revision, quantity)
        VALUES ($1, $2, $3, $4, 0, $5, $6)
        """;

    private const string InsertReplenishment =
        "INSERT INTO replenishments (sale_no, request_id, quantity, total) VALUES ($1, $2, $3, $4)";

    private const string SelectReplenished =
        """
        SELECT r.quantity FROM replenishments AS r JOIN sales AS s ON s.no = r.sale_no
        WHERE s.id = $1 AND r.request_id = $2
        """;

    /// <inheritdoc/>
    public async ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken)
    {
        var id = sale.Id.ToString();
        var (transaction, (owner, exists)) = await BeginAsync(
            batch =>
            {
                batch.Add(ShareOwnership);
                batch.Add(LockCreation, Parameters.Of(id));
                batch.Add("SELECT EXISTS (SELECT FROM sales WHERE id = $1)", Parameters.Of(id));
            },
            ReadCreationAsync,
            cancellationToken);
        await using (transaction)
        {
            if (!IsShared && owner != Interlocked.Read(ref _owner))
            {
                throw new StoreUnavailableException("Another process owns the order store.");
            }

            if (exists)
            {
                return null;
            }

            await transaction.CommitAsync(writes => writes.Add(1, SaleRows.Insert, SaleRows.OfNew(sale)));
        }

        _epochs[sale.Id] = 1;
        var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, Version: 0);
        return new GateSnapshot(sale, Epoch: 1, stock, Admitted: 0, new Holdings());
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<GateSnapshot>>(
            async connection =>
            {
                var taken = await TakeOver.RunAsync(connection, cancellationToken);
                Interlocked.Exchange(ref _owner, taken.Owner);
                foreach (var snapshot in taken.Snapshots)
                {
                    _epochs[snapshot.Sale.Id] = snapshot.Epoch;
                }

                return taken.Snapshots;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var replenish = change as SaleChange.Replenish;
        var (transaction, (stored, before)) = await BeginAsync(
            batch =>
            {
                batch.Add(SaleRows.LockOne, Parameters.Of(sale.ToString()));
                batch.Add(SelectReplenished, Parameters.Of(sale.ToString()), Parameters.Of(replenish?.RequestId));
            },
            ReadForChangeAsync,
            cancellationToken);
        await using (transaction)
        {
            if (stored is null)
            {
                return new SaleChangeAnswer(SaleChangeOutcome.Unknown);
            }

            MustBeOurs(stored);
            var answer = SaleRule.Decide(stored.Sale, change, before, now, stored.Admitted > 0);
            if (answer is { Outcome: SaleChangeOutcome.Done, Sale: { } changed })
            {
                await transaction.CommitAsync(writes =>
                {
                    Write(writes, stored, changed, change, now);
                    if (HasOutbox)
                    {
                        OutboxRows.AddTerms(writes, stored, changed);
                    }
                    else if (_use == StoreUse.AsGate && stored.Stock.Available == 0
                        && changed.Quantity > stored.Sale.Quantity)
                    {
                        PostgresHints.AddReopened(writes, _schema, [sale]);
                    }
                });
            }

            return IsShared ? answer with { Epoch = stored.Epoch } : answer;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken)
    {
        // A creation that nobody knows the end of has no row to lock; it has this lock.
        var (transaction, stored) = await BeginAsync(
            batch =>
            {
                batch.Add(LockCreation, Parameters.Of(sale.ToString()));
                batch.Add(SaleRows.LockOne, Parameters.Of(sale.ToString()));
            },
            async reader =>
            {
                await reader.NextResultAsync();
                return await reader.ReadAsync() ? SaleRows.Read(reader) : null;
            },
            cancellationToken);
        await transaction.DisposeAsync();
        if (stored is not null && _epochs.TryAdd(sale, stored.Epoch))
        {
            // Nobody knew what had become of its creation: it is ours, for nobody else can have taken it over.
            return stored.Sale;
        }

        if (stored is not null)
        {
            MustBeOurs(stored);
        }

        return stored?.Sale;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<(SaleId, Stock)>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(SelectStock, connection);
                command.Parameters.Add(Parameters.Of([.. sales.Select(sale => (string?)sale.ToString())]));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var found = new Dictionary<SaleId, Stock>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    found[SaleId.Parse(rows.GetString(0))] = new Stock(
                        rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3), rows.GetInt32(4), rows.GetInt64(5));
                }

                return [.. sales.Where(found.ContainsKey).Select(sale => (sale, found[sale]))];
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        ReadAsync(connection => SaleCount.ReadAsync(
            connection, sale, notesOrders: _use == StoreUse.AsGate, cancellationToken), cancellationToken);

    private void MustBeOurs(StoredSale sale)
    {
        if (!IsOurs(sale.Sale.Id, sale.Epoch))
        {
            throw new StoreUnavailableException($"Another process owns sale '{sale.Sale.Id}' in the order store.");
        }
    }

    private static void Write(
        Writes writes, StoredSale before, Sale sale, SaleChange change, DateTimeOffset now)
    {
        var added = sale.Quantity - before.Sale.Quantity;
        writes.Add(1, SaleRows.Update, SaleRows.OfChanged(before.No, before.Sale, sale));
        writes.Add(
            1, InsertEvent,
            Parameters.Of(before.No), Parameters.Of(before.Events + 1), Parameters.Of((short)EventKinds.Of(change)),
            Parameters.Of(now), Parameters.Of(sale.Revision), Parameters.Of(added));
        if (change is SaleChange.Replenish replenish)
        {
            writes.Add(
                1, InsertReplenishment,
                Parameters.Of(before.No), Parameters.Of(replenish.RequestId), Parameters.Of(added),
                Parameters.Of(sale.Quantity));
        }
    }

    private static async Task<(long Owner, bool Exists)> ReadCreationAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        var owner = reader.GetInt64(0);
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return (owner, reader.GetBoolean(0));
    }

    private static async Task<(StoredSale? Sale, int? Replenished)> ReadForChangeAsync(NpgsqlDataReader reader)
    {
        var sale = await reader.ReadAsync() ? SaleRows.Read(reader) : null;
        await reader.NextResultAsync();
        return (sale, await reader.ReadAsync() ? reader.GetInt32(0) : null);
    }
}
