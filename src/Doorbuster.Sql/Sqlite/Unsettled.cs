using Doorbuster.Payments;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Reads the payments that something must still be done about.</summary>
internal static class Unsettled
{
    public static IReadOnlyList<(long Place, Payment Payment)> Read(Connection connection, long after, int limit)
    {
        using var rows = connection.Prepare(PaymentRows.SelectUnsettled);
        rows.Bind(1, after).Bind(2, limit);
        var found = new List<(long, Payment)>();
        while (rows.Step())
        {
            found.Add((rows.GetInt64(0), PaymentRows.Read(rows, PaymentRows.First)));
        }

        return found;
    }
}
