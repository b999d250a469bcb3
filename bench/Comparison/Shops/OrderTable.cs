using Npgsql;

namespace Doorbuster.Comparison.Shops;

/// <summary>A contender's orders in PostgreSQL, read by SQL of our own.</summary>
/// <param name="database">How the database is reached.</param>
/// <param name="orders">
/// What a sale's orders are: a query that has <c>buyer</c>, <c>units</c> and <c>tx</c> (its transaction), the sale's id
/// being its parameter.
/// </param>
internal sealed class OrderTable(string database, string orders) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database);

    /// <summary>Units of all orders that stand.</summary>
    public async Task<long> CountAsync(SaleId sale)
    {
        await using var command = _source.CreateCommand(
            $"SELECT coalesce(sum(units), 0)::bigint FROM ({orders}) AS o");
        command.Parameters.AddWithValue(sale.ToString());
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Every order, with the time at which PostgreSQL committed it.</summary>
    public async Task<IReadOnlyList<StoredOrder>> ReadAsync(SaleId sale)
    {
        await using var command = _source.CreateCommand(
            $"SELECT buyer, units, pg_xact_commit_timestamp(tx) FROM ({orders}) AS o");
        command.Parameters.AddWithValue(sale.ToString());
        await using var row = await command.ExecuteReaderAsync();
        var found = new List<StoredOrder>();
        while (await row.ReadAsync())
        {
            found.Add(new StoredOrder(row.GetString(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return found;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
