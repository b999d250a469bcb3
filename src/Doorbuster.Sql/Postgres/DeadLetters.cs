using Doorbuster.Dispatch;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How claims that cannot be written are rows.</summary>
internal static class DeadLetters
{
    /// <summary>
    /// Where two gates admitted the same claim, the later one's holds units for it: as many as were asked for then.
    /// </summary>
    public const string Insert =
        """
        INSERT INTO dead_letters (sale_id, key, turn, quantity, epoch, revision, admitted_at, buried_at, entry, buyer,
                                  payment, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (sale_id, key, turn) DO UPDATE
        SET quantity = excluded.quantity, epoch = excluded.epoch, revision = excluded.revision,
            admitted_at = excluded.admitted_at, entry = excluded.entry, reason = excluded.reason
        WHERE dead_letters.epoch < excluded.epoch
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

    /// <summary>
    /// What their letters carry, of the orders that have any. Nearly always there is no letter at all, and then it asks
    /// for none of them.
    /// </summary>
    public const string SelectByIds =
        """
        SELECT d.sale_id, d.key, d.turn, d.epoch
        FROM unnest($1, $2) AS q (sale, key)
             CROSS JOIN LATERAL (
                 SELECT * FROM dead_letters WHERE sale_id = q.sale AND key = q.key OFFSET 0) AS d
        WHERE EXISTS (SELECT FROM dead_letters)
        """;

    /// <summary>Those of one sale, the earliest first, each with the turn under which its payment asks.</summary>
    public const string SelectOfSale =
        """
        SELECT d.sale_id, d.key, d.buyer, d.quantity, d.payment, d.turn, d.epoch, p.reviving
        FROM dead_letters AS d LEFT JOIN payments AS p ON p.id = d.payment COLLATE "C"
        WHERE d.sale_id = $1 ORDER BY d.buried_at, d.key
        """;

    /// <summary>One, by its name.</summary>
    public const string SelectOne = $"{Select} WHERE sale_id = $1 AND key = $2 AND turn = $3";

    private const string SelectFirst = $"{Select} ORDER BY sale_id, key, turn LIMIT $1";

    private const string SelectAfter =
        $"{Select} WHERE (sale_id, key, turn) > ($1, $2, $3) ORDER BY sale_id, key, turn LIMIT $4";

    // Of a sale that the store does not have nothing can be rejected: those wait for people.
    private const string Overdue =
        $"{Select} AS d WHERE buried_at < $1 AND EXISTS (SELECT FROM sales AS s WHERE s.id = d.sale_id)";

    private const string SelectOverdueFirst = $"{Overdue} ORDER BY sale_id, key, turn LIMIT $2";

    private const string SelectOverdueAfter =
        $"{Overdue} AND (sale_id, key, turn) > ($3, $4, $5) ORDER BY sale_id, key, turn LIMIT $2";

    private const string Select =
        """
        SELECT sale_id, key, buyer, quantity, payment, turn, epoch, revision, admitted_at, buried_at, entry, reason
        FROM dead_letters
        """;

    /// <summary>A gate of this epoch holds their units.</summary>
    public const string Restamp =
        """
        UPDATE dead_letters SET epoch = $4
        FROM unnest($1, $2, $3) AS c (sale_id, key, turn)
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

    public static NpgsqlParameter[] OfId(DeadLetterId id) =>
    [
        Parameters.Of(id.Order.Sale.ToString()), new() { Value = Parameters.ToGuid(id.Order.Key) },
        Parameters.Of(id.Turn),
    ];

    /// <summary>A page, in ascending order of id.</summary>
    public static Task<IReadOnlyList<DeadLetter>> ReadPageAsync(
        NpgsqlConnection connection, DeadLetterId? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            connection, after is null ? SelectFirst : SelectAfter,
            after is { } known ? [.. OfId(known), Parameters.Of(most)] : [Parameters.Of(most)], cancellationToken);

    public static async Task<DeadLetter?> FindAsync(
        NpgsqlConnection connection, DeadLetterId id, CancellationToken cancellationToken) =>
        await ReadAsync(connection, SelectOne, OfId(id), cancellationToken) is [var letter] ? letter : null;

    /// <summary>Those that were buried before a time, in ascending order of id.</summary>
    public static async Task<IReadOnlyList<DeadLetterId>> ReadOverdueAsync(
        NpgsqlConnection connection, DateTimeOffset before, DeadLetterId? after, int most,
        CancellationToken cancellationToken)
    {
        var letters = await ReadAsync(
            connection, after is null ? SelectOverdueFirst : SelectOverdueAfter,
            [Parameters.Of(before), Parameters.Of(most), .. after is { } known ? OfId(known) : []],
            cancellationToken);
        return [.. letters.Select(letter => letter.Id)];
    }

    public static DeadLetter Read(NpgsqlDataReader row)
    {
        var claim = ReadClaim(row);
        return new DeadLetter(
            new AdmittedBatch(
                claim.Order.Sale, row.GetString(10), row.GetInt64(6), row.GetInt64(7), row.GetTime(8), [claim]),
            row.GetTime(9), row.GetString(11));
    }

    private static async Task<IReadOnlyList<DeadLetter>> ReadAsync(
        NpgsqlConnection connection, string sql, NpgsqlParameter[] values, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(sql, connection);
        select.Parameters.AddRange(values);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var letters = new List<DeadLetter>();
        while (await rows.ReadAsync(cancellationToken))
        {
            letters.Add(Read(rows));
        }

        return letters;
    }

    /// <summary>Reads a row of <see cref="SelectOfSale"/>.</summary>
    public static BuriedClaim ReadOfSale(NpgsqlDataReader row) =>
        new(ReadClaim(row), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt32(7));

    private static Claim ReadClaim(NpgsqlDataReader row) => new(
        new OrderId(SaleId.Parse(row.GetString(0)), OrderRows.ReadKey(row, 1)), OrderRows.ReadBuyer(row, 2),
        row.GetInt32(3), Revival: ReadRevival(row, 4));

    /// <summary>Late money's payment and turn; null where a buyer asks.</summary>
    /// <exception cref="InvalidDataException">The row's payment is none that this program wrote.</exception>
    private static Revival? ReadRevival(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null
        : PaymentId.TryParse(row.GetString(column), out var payment) ? new Revival(payment, row.GetInt32(column + 1))
        : throw new InvalidDataException("A dead letter has a payment that is not a payment's name.");
}
