using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// Keeps a node from writing once another kind of gate works on the store that it shares, however long it takes until
/// the node finds out that its session, and with it its lock, is lost (F18).
/// </summary>
/// <remarks>
/// The number is read after the sales' locks. A change to this store as the gate raises it under the locks of all
/// sales: a transaction that finds its own number still there stands before the change. A change to another gate raises
/// it without them; then a transaction may stand after it, but before the sale's epoch is raised under that sale's
/// lock, and the new gate is opened from what stands then.
/// </remarks>
/// <param name="owner">How often the store had changed hands when it was opened.</param>
internal sealed class GateFence(long owner)
{
    private const string Column = "owner_now";

    private const string Select = $"SELECT owner AS {Column} FROM ownership";

    /// <summary>Adds the statement that reads the number: the last one of those that lock and read.</summary>
    public static void AddTo(NpgsqlBatch batch) => batch.Add(Select);

    /// <summary>Reads on to that statement, which others may stand before, and compares.</summary>
    /// <exception cref="StoreUnavailableException">Another kind of gate works on the store now.</exception>
    public async Task PassAsync(NpgsqlDataReader reader)
    {
        while (reader.FieldCount != 1 || reader.GetName(0) != Column)
        {
            if (!await reader.NextResultAsync())
            {
                throw new InvalidOperationException("The owner's number was not read.");
            }
        }

        await reader.ReadAsync();
        Compare(reader.GetInt64(0));
    }

    /// <summary>The same by itself, within a transaction that has its locks.</summary>
    /// <exception cref="StoreUnavailableException">Another kind of gate works on the store now.</exception>
    public async Task PassAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(Select, connection);
        Compare((long)(await select.ExecuteScalarAsync(cancellationToken))!);
    }

    private void Compare(long now)
    {
        if (now != owner)
        {
            throw new StoreUnavailableException("Another gate has begun to work on the order store.");
        }
    }
}
