using Npgsql;

namespace Doorbuster.Baselines;

/// <summary>What every way does with a buyer's orders.</summary>
internal static class Buyers
{
    /// <summary>
    /// The check of one order a buyer that tutorials make: a look before, by which two clicks both pass.
    /// </summary>
    public static async Task<bool> HasOrderAsync(NpgsqlConnection connection, string sale, string buyer)
    {
        await using var look = new NpgsqlCommand(
            "SELECT count(*) FROM orders WHERE sale = $1 AND buyer = $2", connection);
        look.Parameters.AddWithValue(sale);
        look.Parameters.AddWithValue(buyer);
        return (long)(await look.ExecuteScalarAsync())! > 0;
    }

    public static async Task InsertAsync(NpgsqlConnection connection, string sale, string buyer)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO orders (sale, buyer) VALUES ($1, $2)", connection);
        insert.Parameters.AddWithValue(sale);
        insert.Parameters.AddWithValue(buyer);
        await insert.ExecuteNonQueryAsync();
    }
}
