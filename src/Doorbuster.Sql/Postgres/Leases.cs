using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How leases are rows. The database's clock judges them, so that all nodes agree.</summary>
internal static class Leases
{
    public const string Take =
        """
        INSERT INTO leases (name, holder, number, expires_at)
        VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
        ON CONFLICT (name) DO UPDATE
        SET holder = excluded.holder, number = leases.number + 1,
            expires_at = clock_timestamp() + $3 * interval '1 millisecond'
        WHERE leases.expires_at <= clock_timestamp() OR leases.holder = excluded.holder
        RETURNING number
        """;

    public const string Renew =
        """
        UPDATE leases SET expires_at = clock_timestamp() + $4 * interval '1 millisecond'
        WHERE name = $1 AND holder = $2 AND number = $3 AND expires_at > clock_timestamp()
        """;

    public const string Release =
        "UPDATE leases SET expires_at = '-infinity' WHERE name = $1 AND holder = $2 AND number = $3";

    public static NpgsqlParameter Of(TimeSpan life) => Parameters.Of((long)life.TotalMilliseconds);
}
