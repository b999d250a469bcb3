using System.Text;
using Doorbuster.Notification;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// Word between the nodes of one store by PostgreSQL's own LISTEN and NOTIFY: which orders have changed, and which
/// sales have units again. The schema's name is the channel.
/// </summary>
/// <remarks>
/// <para>
/// A message has a letter and a text: hints, packed and in base 64, or the id of a sale. A node hears its own too, and
/// leaves its hints out. Whatever is lost with a connection is found by those who look.
/// </para>
/// <para>
/// That a sale has units again is said by the transaction that gives them back, so it is heard when they are there.
/// Hints go by a session of their own that waits for no disk: they are worth nothing after a crash. Transactions that
/// say something commit one after another, which is why claims say nothing. Tests: <c>PostgresHintTests</c>.
/// </para>
/// </remarks>
public sealed class PostgresHints : IHints, IAsyncDisposable
{
    /// <summary>
    /// Bytes of hints in one message, which become four for each three: PostgreSQL takes less than 8,000 and refuses
    /// more.
    /// </summary>
    private const int MostInOne = 5_900;

    private const char OfHints = 'h';
    private const char OfSale = 's';

    private const string Send = "SELECT pg_notify($1, message) FROM unnest($2) AS message";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly PostgresOptions _options;
    private readonly TimeProvider _clock;
    private readonly PackedHints _packed;
    private readonly NpgsqlDataSource _sender;
    private readonly CancellationTokenSource _end = new();
    private Action<IReadOnlyList<OrderHint>>? _heard;
    private Action<SaleId>? _reopened;
    private Task _listening = Task.CompletedTask;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Where.</param>
    /// <param name="node">A name of this process alone.</param>
    /// <param name="clock">The time between two tries to listen.</param>
    public PostgresHints(PostgresOptions options, string node, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _packed = new PackedHints(node);
        _sender = PostgresConnections.ForWord(options);
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(IReadOnlyList<OrderHint> hints, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _sender.OpenConnectionAsync(cancellationToken);
            await using var send = new NpgsqlCommand(Send, connection);
            send.Parameters.Add(Parameters.Of(_options.Schema));
            send.Parameters.Add(Parameters.Of(
                [.. _packed.Pack(hints, MostInOne).Select(some => (string?)Write(some))]));
            await send.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception fault) when (MayBeLost(fault))
        {
            // Who waits for these orders looks for them.
        }
    }

    /// <inheritdoc/>
    public void Listen(Action<IReadOnlyList<OrderHint>> heard)
    {
        _heard = heard;
        Begin();
    }

    /// <summary>Begins to hear which sales have units again; called once, before or after the other.</summary>
    /// <param name="reopened">Told of them; it returns at once.</param>
    public void ListenForUnits(Action<SaleId> reopened)
    {
        _reopened = reopened;
        Begin();
    }

    /// <summary>Ends listening; once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sender.DisposeAsync();
        _end.Dispose();
    }

    /// <summary>Adds word to a transaction that these sales have units again; said when it commits.</summary>
    internal static void AddReopened(Writes writes, string schema, IEnumerable<SaleId> sales)
    {
        string?[] messages = [.. sales.Select(sale => OfSale + sale.ToString())];
        if (messages.Length > 0)
        {
            writes.Add(Send, Parameters.Of(schema), Parameters.Of(messages));
        }
    }

    /// <summary>Whatever the server says of word, nothing rests on it, and a node does not end by it.</summary>
    private static bool MayBeLost(Exception fault) => fault is NpgsqlException || PostgresFaults.IsTransient(fault);

    private static string Write(byte[] packed) => $"{OfHints}{Convert.ToBase64String(packed)}";

    private void Begin()
    {
        if (_listening.IsCompletedSuccessfully && !_end.IsCancellationRequested)
        {
            _listening = ListenAsync(_end.Token);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(cancellationToken);
            }
            catch (Exception fault) when (MayBeLost(fault))
            {
                await Task.Delay(Pause, _clock, cancellationToken);
            }
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await using var connection = PostgresConnections.Listening(_options);
        connection.Notification += (_, word) => Take(word.Payload);
        await connection.OpenAsync(cancellationToken);
        await LockSql.RunAsync(connection, $"LISTEN \"{_options.Schema}\"", cancellationToken);
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Take(string message)
    {
        if (message is [OfSale, .. var id] && SaleId.TryParse(id, out var sale))
        {
            _reopened?.Invoke(sale);
        }
        else if (message is [OfHints, .. var packed])
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(packed)];
            if (Convert.TryFromBase64String(packed, bytes, out var length)
                && _packed.Read(bytes[..length]) is { Count: > 0 } hints)
            {
                _heard?.Invoke(hints);
            }
        }
    }
}
