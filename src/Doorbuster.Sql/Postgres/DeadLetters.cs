using Doorbuster.Dispatch;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How claims that cannot be written are rows.</summary>
internal static class DeadLetters
{
    public const string Insert =
        """
        INSERT INTO dead_letters (sale_id, key, turn, quantity, epoch, revision, admitted_at, buried_at, entry, buyer,
                                  payment, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (sale_id, key, turn) DO NOTHING
        """;

    public const string Delete =
        """
        DELETE FROM dead_letters
        USING unnest($1, $2, $3) AS c (sale_id, key, turn)
              CROSS JOIN LATERAL (
                  SELECT ctid AS place FROM dead_letters AS d
                  WHERE d.sale_id = c.sale_id AND d.key = c.key AND d.turn = c.turn OFFSET 0) AS at
        WHERE dead_letters.ctid = at.place
        """;

    public static NpgsqlParameter[] Of(AdmittedBatch entry, Claim claim, string reason, DateTimeOffset now) =>
    [
        Parameters.Of(entry.Sale.ToString()), new() { Value = Parameters.ToGuid(claim.Order.Key) },
        Parameters.Of(claim.Revival?.Turn ?? 0), Parameters.Of(claim.Quantity), Parameters.Of(entry.Epoch),
        Parameters.Of(entry.Revision), Parameters.Of(entry.AdmittedAt), Parameters.Of(now), Parameters.Of(entry.Id),
        Parameters.Of(claim.Buyer.ToString()), Parameters.Of(claim.Revival?.Payment.ToString()), Parameters.Of(reason),
    ];

    public static NpgsqlParameter[] OfClaims(IReadOnlyCollection<Claim> claims) =>
    [
        .. OrderRows.OfIds([.. claims.Select(claim => claim.Order)]),
        Parameters.Of([.. claims.Select(claim => claim.Revival?.Turn ?? 0)]),
    ];
}
