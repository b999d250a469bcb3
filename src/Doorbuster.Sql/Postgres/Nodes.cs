using System.Text.Json;
using Doorbuster.Reconciliation;
using Npgsql;
using NpgsqlTypes;

namespace Doorbuster.Sql.Postgres;

/// <summary>How nodes are rows. The database's clock judges their silence, so that all nodes agree.</summary>
internal static class Nodes
{
    public const string Beat =
        """
        INSERT INTO nodes (id, name, roles, started_at, seen_at, lag_ms, not_ready, claims)
        VALUES ($1, $2, $3, $4, clock_timestamp(), $5, $6, $7)
        ON CONFLICT (id) DO UPDATE
        SET seen_at = excluded.seen_at, lag_ms = excluded.lag_ms, not_ready = excluded.not_ready,
            claims = excluded.claims
        """;

    public const string Sweep = "DELETE FROM nodes WHERE seen_at < clock_timestamp() - $1 * interval '1 millisecond'";

    public const string Leave = "DELETE FROM nodes WHERE id = $1";

    private const string SelectFirst = $"{Select} ORDER BY id LIMIT $1";

    private const string SelectAfter = $"{Select} WHERE id > $2 ORDER BY id LIMIT $1";

    private const string Select =
        """
        SELECT id, name, roles, started_at, lag_ms, not_ready, seen_at,
               (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::bigint, claims
        FROM nodes
        """;

    public static NpgsqlParameter[] Of(NodeBeat beat) =>
    [
        Parameters.Of(beat.Id), Parameters.Of(beat.Name), Parameters.Of((short)beat.Roles),
        Parameters.Of(beat.StartedAt), OfLag(beat.Lag),
        Parameters.Of([.. beat.NotReady]),
        new() { Value = JsonSerializer.Serialize(beat.Claims), NpgsqlDbType = NpgsqlDbType.Jsonb },
    ];

    private static NpgsqlParameter OfLag(TimeSpan? lag) => new()
    {
        Value = lag is { } time ? (long)time.TotalMilliseconds : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.Bigint,
    };

    /// <summary>A page, in ascending order of id.</summary>
    public static async Task<IReadOnlyList<ListedNode>> ReadPageAsync(
        NpgsqlConnection connection, string? after, int most, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(after is null ? SelectFirst : SelectAfter, connection);
        select.Parameters.Add(Parameters.Of(most));
        if (after is not null)
        {
            select.Parameters.Add(Parameters.Of(after));
        }

        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var nodes = new List<ListedNode>();
        while (await rows.ReadAsync(cancellationToken))
        {
            nodes.Add(Read(rows));
        }

        return nodes;
    }

    private static ListedNode Read(NpgsqlDataReader row) => new(
        new NodeBeat(
            row.GetString(0), row.GetString(1), (NodeRoles)row.GetInt16(2), row.GetTime(3),
            row.GetFieldValue<string[]>(5),
            row.IsDBNull(4) ? null : TimeSpan.FromMilliseconds(row.GetInt64(4)))
        {
            Claims = ReadClaims(row.GetString(8)),
        },
        row.GetTime(6), TimeSpan.FromMilliseconds(row.GetInt64(7)));

    private static Dictionary<string, IReadOnlyDictionary<string, long>> ReadClaims(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, long>>>(json)!
            .ToDictionary(of => of.Key, of => (IReadOnlyDictionary<string, long>)of.Value);
}
