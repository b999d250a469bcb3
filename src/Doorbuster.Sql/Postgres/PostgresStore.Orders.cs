using Doorbuster.Orders;
using Doorbuster.Payments;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>An order's life after its claim.</content>
public sealed partial class PostgresStore
{
    private const string SelectDue =
        """
        SELECT s.id, o.key
        FROM (SELECT expires_at, sale_no, place, key FROM orders
              WHERE status = 1 AND expires_at <= $1 ORDER BY expires_at, sale_no, place LIMIT $2) AS o
             CROSS JOIN LATERAL (SELECT id FROM sales WHERE no = o.sale_no OFFSET 0) AS s
        ORDER BY o.expires_at, o.sale_no, o.place
        """;

    private const string SelectExpiring =
        """
        SELECT s.id, o.orders
        FROM (SELECT sale_no, count(*)::integer AS orders
              FROM (SELECT sale_no FROM orders
                    WHERE status = 1 AND expires_at <= $1 ORDER BY expires_at, sale_no, place LIMIT $2) AS due
              GROUP BY sale_no) AS o
             JOIN sales AS s ON s.no = o.sale_no
        """;

    private const string SelectEvents =
        """
        SELECT e.no, e.kind, e.at, e.order_key, e.order_revision, p.id, e.sale_revision, e.quantity
        FROM (SELECT * FROM events
              WHERE sale_no = (SELECT no FROM sales WHERE id = $1) AND no > $2 ORDER BY no LIMIT $3) AS e
             LEFT JOIN LATERAL (SELECT id FROM payments WHERE no = e.payment_no OFFSET 0) AS p ON true
        ORDER BY e.no
        """;

    /// <summary>
    /// A payment that two report at once is new to both, and one of them comes second: it looks again, once.
    /// </summary>
    private const int Tries = 2;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryApplyAsync(commands, now, cancellationToken);
            }
            catch (PostgresException fault) when (PostgresFaults.IsDuplicate(fault) && tries < Tries)
            {
                // What is there now is found by the next look.
            }
            catch (PostgresException fault) when (PostgresFaults.IsConstraint(fault))
            {
                throw new BadCommandException($"A constraint refuses a change of orders. {fault.Message}", fault);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderId>> DueAsync(
        DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<OrderId>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(SelectDue, connection);
                command.Parameters.Add(Parameters.Of(now));
                command.Parameters.Add(Parameters.Of(limit));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var due = new List<OrderId>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    due.Add(new OrderId(SaleId.Parse(rows.GetString(0)), OrderRows.ReadKey(rows, 1)));
                }

                return due;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
        DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<(SaleId, int)>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(SelectExpiring, connection);
                command.Parameters.Add(Parameters.Of(until));
                command.Parameters.Add(Parameters.Of(most));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var expiring = new List<(SaleId, int)>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    expiring.Add((SaleId.Parse(rows.GetString(0)), rows.GetInt32(1)));
                }

                return expiring;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
        long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<(long, Payment)>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(PaymentRows.SelectUnsettled, connection);
                command.Parameters.Add(Parameters.Of(after));
                command.Parameters.Add(Parameters.Of(limit));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var unsettled = new List<(long, Payment)>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    unsettled.Add((rows.GetInt64(0), PaymentRows.Read(rows, PaymentRows.First)));
                }

                return unsettled;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
        SaleId sale, long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SaleEvent>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(SelectEvents, connection);
                command.Parameters.Add(Parameters.Of(sale.ToString()));
                command.Parameters.Add(Parameters.Of(after));
                command.Parameters.Add(Parameters.Of(limit));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var events = new List<SaleEvent>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    events.Add(ReadEvent(rows, sale));
                }

                return events;
            },
            cancellationToken);

    private async Task<IReadOnlyList<OrderAnswer>> TryApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = Wanted.By(commands, await FindOrderIdsAsync(Wanted.NamelessIn(commands), cancellationToken));
        var (transaction, found) = await BeginAsync(
            batch =>
            {
                batch.Add(SaleRows.Lock, Parameters.Of(wanted.Sales));
                wanted.AddTo(batch);
            },
            reader => ReadLockedAsync(reader, hasRecords: true),
            cancellationToken);
        await using (transaction)
        {
            if (found.Sales.Values.FirstOrDefault(sale => !IsOurs(sale.Id, sale.Epoch)) is { } lost)
            {
                throw new StoreUnavailableException($"Another process owns sale '{lost.Id}' in the order store.");
            }

            var moves = new StockMoves();
            var changes = new OrderChanges(found.Sales, found.Records, moves);
            var answers = new OrderAnswer[commands.Count];
            for (var i = 0; i < commands.Count; i++)
            {
                answers[i] = changes.Apply(commands[i], now);
            }

            if (!changes.IsEmpty)
            {
                await transaction.CommitAsync(writes =>
                {
                    changes.AddTo(writes);
                    moves.AddTo(writes);
                    if (HasOutbox)
                    {
                        OutboxRows.AddReleases(writes, changes.Ended(), found.Sales);
                    }
                    else if (_use == StoreUse.AsGate)
                    {
                        PostgresHints.AddReopened(writes, _schema, moves.Reopened(found.Sales.Values));
                    }
                });
            }

            return answers;
        }
    }

    /// <summary>Of which orders payments are whose names do not say so.</summary>
    private async ValueTask<IReadOnlyList<string>> FindOrderIdsAsync(
        string[] payments, CancellationToken cancellationToken) =>
        payments.Length == 0 ? [] : await ReadAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(PaymentRows.SelectOrderIds, connection);
                command.Parameters.Add(Parameters.Of(payments));
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var orders = new List<string>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    orders.Add(rows.GetString(1));
                }

                return orders;
            },
            cancellationToken);

    private static SaleEvent ReadEvent(NpgsqlDataReader row, SaleId sale) =>
        new(
            row.GetInt64(0),
            (EventKind)row.GetInt16(1),
            row.GetTime(2),
            row.IsDBNull(3) ? null : new OrderId(sale, OrderRows.ReadKey(row, 3)),
            row.GetInt32(4),
            !row.IsDBNull(5) && PaymentId.TryParse(row.GetString(5), out var payment) ? payment : null,
            row.GetInt64(6),
            row.GetInt32(7));
}
