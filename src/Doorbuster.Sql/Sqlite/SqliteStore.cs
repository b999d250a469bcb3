using System.Collections.Concurrent;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The order store of one machine: a SQLite database (WAL, synchronous=FULL) that this process owns alone. A commit is
/// on disk when it returns.
/// </summary>
/// <remarks>
/// One caller writes at a time; reads go beside it. The index of orders and the next row are this process's memory of
/// what is on disk: who has the writer's turn alone changes them, after a commit and never before.
/// </remarks>
public sealed partial class SqliteStore : ILedger, ISaleStore, IOrderStore, IAsyncDisposable
{
    private readonly StoreLock _lock;
    private readonly Writer _writer;
    private readonly Fence _fence;
    private readonly OrderWriter _orders;
    private readonly ChangeWriter _changes;
    private readonly SaleWriter _sales;
    private readonly ReadPool _readers;
    private readonly Checkpointer _checkpointer;
    private readonly OrderIndex _index = new();
    private readonly EventPlaces _places = new();
    private ExpiryRuns _expiries = new();
    private readonly ConcurrentDictionary<SaleId, long> _saleNos = new();
    private readonly CommitTurns _turns;
    private long _nextRow = 1;
    private bool _isClosed;

    private SqliteStore(
        StoreLock @lock, Connection connection, string path, SqliteOptions options, TimeProvider clock, ILogger logger)
    {
        _lock = @lock;
        _turns = new CommitTurns(logger);
        _fence = new Fence(connection);
        _changes = new ChangeWriter(connection, _index, _fence);
        _orders = new OrderWriter(connection, _index, _fence, _changes);
        _sales = new SaleWriter(connection, _fence);
        _readers = new ReadPool(path, options.Readers);
        _writer = new Writer(connection);
        _checkpointer = new Checkpointer(
            new Connection(path, writes: true, KiB), _writer, options.WalMiB, clock, logger);
    }

    private const int KiB = 1_024;

    /// <summary>Opens the store: takes its lock, brings its schema up to date.</summary>
    /// <exception cref="StoreLockedException">Another process owns it, and waiting was not asked for.</exception>
    /// <exception cref="InvalidOperationException">A newer program made it, or it is no database.</exception>
    public static async Task<SqliteStore> OpenAsync(
        SqliteOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var path = PrivateFiles.Locate(options.Database);
        PrivateFiles.MakeDirectory(Path.GetDirectoryName(path)!);
        var @lock = await StoreLock.AcquireAsync(path, options.WaitForLock, clock, logger, cancellationToken);
        Connection? connection = null;
        try
        {
            PrivateFiles.MakeFile(path);
            connection = new Connection(path, writes: true, options.CacheMiB * KiB);
            Migrator.Migrate(connection);
            return new SqliteStore(@lock, connection, path, options, clock, logger);
        }
        catch (Exception fault)
        {
            connection?.Dispose();
            @lock.Dispose();
            if (fault is not SqliteException refused)
            {
                throw;
            }

            // A disk without room for the log's index is an input or output error to SQLite, and says no more.
            var hint = refused.IsInputOutput ? " Is the disk full, or not writable?" : "";
            throw new InvalidOperationException(
                $"The order store '{path}' could not be opened. {fault.Message}{hint}", fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> CommitAsync(
        IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await _writer.RunAsync(_ => Commit(admissions));
        }
        catch (StoreUnavailableException)
        {
            return new CommitReceipt(CommitStatus.Failed);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
        Admissions admissions, CancellationToken cancellationToken)
    {
        try
        {
            return await _writer.RunAsync(connection => ReadBack(connection, admissions));
        }
        catch (Exception fault) when (fault is SqliteException or StoreUnavailableException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Order>> FindAsync(
        IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<Order>>(
            reader =>
            {
                var found = new List<Order>(orders.Count);
                foreach (var id in orders)
                {
                    if (_index.TryFind(id.Key, out var row) && ReadOrder(reader, row) is { } order && order.Id == id)
                    {
                        found.Add(order);
                    }
                }

                return found;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken) =>
        WriteAsync(() => Create(sale));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _writer.RunAsync(Own);
        }
        catch (SqliteException fault)
        {
            throw new StoreUnavailableException($"The sales could not be taken over. {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken) =>
        _saleNos.TryGetValue(sale, out var no)
            ? WriteAsync(() => _sales.Change(no, change, now))
            : ValueTask.FromResult(new SaleChangeAnswer(SaleChangeOutcome.Unknown));

    /// <inheritdoc/>
    public ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            _fence.Prove();
            if (!_saleNos.TryGetValue(sale, out var no) && _sales.Find(sale) is { } unknown)
            {
                // Nobody knew what had become of its creation.
                _saleNos[sale] = no = unknown;
            }

            return no == SaleOrders.NoSuchSale ? null : _sales.Read(no);
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<(SaleId Sale, Stock Stock)>>(
            reader => SaleRows.ReadStock(
                reader.Connection,
                [.. sales.Where(_saleNos.ContainsKey).Select(sale => (sale, _saleNos[sale]))]),
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        await Task.Run(
            () => _readers.ReadAsync(
                reader => SaleCount.Read(reader.Connection, sale, _index), cancellationToken).AsTask(),
            cancellationToken);

    /// <summary>Waits for what is being written, closes the database, and gives the lock back; once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        await _checkpointer.DisposeAsync();
        await _writer.RunAsync(_ =>
        {
            _orders.Dispose();
            _changes.Dispose();
            _fence.Dispose();
            return true;
        });
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    /// <summary>Runs work that writes, in its turn, and says once what the disk does not take.</summary>
    private async ValueTask<T> WriteAsync<T>(Func<T> work)
    {
        try
        {
            return await _writer.RunAsync(_ => work());
        }
        catch (SqliteException fault) when (!fault.IsConstraint)
        {
            throw new StoreUnavailableException($"The order store cannot be written. {fault.Message}", fault);
        }
    }

    private CommitReceipt Commit(IReadOnlyList<Admissions> admissions)
    {
        var written = new List<SaleOrders>(admissions.Count);
        foreach (var sale in admissions)
        {
            written.Add(new SaleOrders(_saleNos.GetValueOrDefault(sale.Sale, SaleOrders.NoSuchSale), sale));
        }

        var (receipt, nextRow) = _orders.Commit(written, _nextRow);
        if (receipt.Status == CommitStatus.Committed)
        {
            Expect(admissions, receipt);
            _nextRow = nextRow;
        }

        _turns.Note(receipt.Status, _orders.LastFault?.Message);
        return receipt;
    }

    /// <summary>
    /// Looks for rows that a commit of unknown outcome may have left, after a commit of its own, which ends that one.
    /// </summary>
    private HashSet<OrderKey> ReadBack(Connection connection, Admissions admissions)
    {
        _fence.Prove();
        using var rows = connection.Prepare(
            "SELECT no, key, expires_at_ms FROM orders WHERE no >= ?1 ORDER BY no");
        rows.Bind(1, _nextRow);
        while (rows.Step())
        {
            var row = rows.GetInt64(0);
            _index.TryAdd(OrderRows.ReadKey(rows, 1), row);
            _expiries.Add(row, rows.GetInt64(2));
            _nextRow = row + 1;
        }

        return
        [
            .. admissions.Orders.Select(order => order.Id.Key).Where(key => _index.TryFind(key, out _)),
            .. admissions.Revivals.Where(_changes.IsRevived).Select(claim => claim.Order.Key),
        ];
    }

    /// <summary>Notes when the orders just committed end; their rows follow each other.</summary>
    private void Expect(IReadOnlyList<Admissions> admissions, CommitReceipt receipt)
    {
        var row = _nextRow;
        foreach (var ofSale in admissions.Where(ofSale => receipt.Covers(ofSale.Sale)))
        {
            foreach (var order in ofSale.Orders)
            {
                _expiries.Add(row++, order.ExpiresAt);
            }
        }
    }

    private GateSnapshot? Create(Sale sale)
    {
        if (_saleNos.ContainsKey(sale.Id))
        {
            return null;
        }

        _saleNos[sale.Id] = _sales.Create(sale);
        var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, Version: 0);
        return new GateSnapshot(sale, Epoch: 1, stock, Admitted: 0, new Holdings());
    }

    private List<GateSnapshot> Own(Connection connection)
    {
        var loaded = TakeOver.Run(connection, _fence);
        foreach (var sale in loaded.Sales)
        {
            _saleNos[sale.Sale.Id] = sale.No;
        }

        _index.Load(loaded.Index);
        _expiries = loaded.Expiries;
        _nextRow = loaded.NextRow;
        return loaded.Snapshots;
    }

    private static Order? ReadOrder(ReadPool.Reader reader, long row)
    {
        reader.OrderByRow.Bind(1, row);
        try
        {
            return reader.OrderByRow.Step() ? OrderRows.Read(reader.OrderByRow) : null;
        }
        finally
        {
            reader.OrderByRow.Reset();
        }
    }
}
