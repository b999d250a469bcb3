using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How a sale is a row, and a row a sale.</summary>
internal static class SaleRows
{
    /// <summary>
    /// The first statement of every transaction, by itself: what is read after it was committed before it. In ascending
    /// order of id, so that no two transactions wait for each other.
    /// </summary>
    public const string Lock = $"{ReadUnlocked} FOR UPDATE";

    /// <summary>The same without a lock.</summary>
    public const string ReadUnlocked =
        """
        SELECT no, id, epoch, admitted, events, revision, available, per_buyer_limit, terms_revision, price_amount,
               price_currency, payment_window_ms, opens_at, closes_at, mode, version, available_version
        FROM sales WHERE id = ANY($1) ORDER BY id
        """;

    /// <summary>One sale, whole, locked like the others.</summary>
    public const string LockOne = $"{Select} WHERE id = $1 FOR UPDATE";

    public const string SelectAll = $"{Select} ORDER BY id";

    public const string Insert =
        """
        INSERT INTO sales (id, epoch, admitted, events, version, revision, quantity, available, reserved, sold,
                           per_buyer_limit, mode, require_purchase_token, opens_at, closes_at, payment_window_ms,
                           created_at, price_amount, price_currency, order_id_key, title, description, image_url)
        VALUES ($1, 1, 0, 0, 0, $2, $3, $3, 0, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    /// <summary>A change of terms, with the units that it adds and the transition that it is.</summary>
    public const string Update =
        """
        UPDATE sales
        SET revision = $2, quantity = $3, available = available + ($3 - quantity), per_buyer_limit = $4, mode = $5,
            require_purchase_token = $6, opens_at = $7, closes_at = $8, payment_window_ms = $9, price_amount = $10,
            price_currency = $11, title = $12, description = $13, image_url = $14, events = events + 1,
            version = version + 1, available_version = available_version + ($3 <> quantity)::integer,
            terms_revision = CASE WHEN $15 THEN $2 ELSE terms_revision END
        WHERE no = $1
        """;

    /// <summary>What batches do to units, a row a sale.</summary>
    public const string Move =
        """
        UPDATE sales AS s
        SET available = s.available + m.available, reserved = s.reserved + m.reserved, sold = s.sold + m.sold,
            admitted = s.admitted + m.admitted, events = s.events + m.events, version = s.version + 1,
            available_version = s.available_version + (m.available <> 0)::integer
        FROM unnest($1, $2, $3, $4, $5, $6) AS m (no, available, reserved, sold, admitted, events)
             CROSS JOIN LATERAL (SELECT ctid AS place FROM sales AS l WHERE l.no = m.no OFFSET 0) AS at
        WHERE s.ctid = at.place
        """;

    private const string Select =
        """
        SELECT no, id, epoch, admitted, events, quantity, available, reserved, sold, version, revision, per_buyer_limit,
               mode, require_purchase_token, opens_at, closes_at, payment_window_ms, created_at, price_amount,
               price_currency, order_id_key, title, description, image_url
        FROM sales
        """;

    private const string SelectSome = $"{Select} WHERE id = ANY($1) ORDER BY id";

    /// <summary>Sales as they stand, unlocked; one that does not exist is left out.</summary>
    public static async Task<IReadOnlyList<StoredSale>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<SaleId> sales, CancellationToken cancellationToken)
    {
        var found = new List<StoredSale>(sales.Count);
        if (sales.Count == 0)
        {
            return found;
        }

        await using var command = new NpgsqlCommand(SelectSome, connection);
        command.Parameters.Add(Parameters.Of([.. sales.Select(sale => (string?)sale.ToString())]));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(Read(rows));
        }

        return found;
    }

    public static NpgsqlParameter[] OfNew(Sale sale) =>
    [
        Parameters.Of(sale.Id.ToString()), Parameters.Of(sale.Revision), Parameters.Of(sale.Quantity),
        Parameters.Of(sale.PerBuyerLimit), Parameters.Of((short)sale.Mode), Parameters.Of(sale.RequirePurchaseToken),
        Parameters.Of(sale.OpensAt), Parameters.Of(sale.ClosesAt),
        Parameters.Of((long)sale.PaymentWindow.TotalMilliseconds), Parameters.Of(sale.CreatedAt),
        Parameters.Of(sale.Price.Amount), Parameters.Of(sale.Price.Currency),
        Parameters.Of(sale.OrderIdKey.ToArray()), Parameters.Of(sale.Title), Parameters.Of(sale.Description),
        Parameters.Of(sale.ImageUrl?.OriginalString),
    ];

    public static NpgsqlParameter[] OfChanged(int no, Sale before, Sale sale) =>
    [
        Parameters.Of(no), Parameters.Of(sale.Revision), Parameters.Of(sale.Quantity),
        Parameters.Of(sale.PerBuyerLimit), Parameters.Of((short)sale.Mode), Parameters.Of(sale.RequirePurchaseToken),
        Parameters.Of(sale.OpensAt), Parameters.Of(sale.ClosesAt),
        Parameters.Of((long)sale.PaymentWindow.TotalMilliseconds), Parameters.Of(sale.Price.Amount),
        Parameters.Of(sale.Price.Currency), Parameters.Of(sale.Title), Parameters.Of(sale.Description),
        Parameters.Of(sale.ImageUrl?.OriginalString),
        Parameters.Of(
            before.Price != sale.Price || before.OpensAt != sale.OpensAt
            || before.PerBuyerLimit != sale.PerBuyerLimit),
    ];

    public static LockedSale ReadLocked(NpgsqlDataReader row) =>
        new(
            row.GetInt32(0), SaleId.Parse(row.GetString(1)), Epoch: row.GetInt64(2), Admitted: row.GetInt64(3),
            Events: row.GetInt64(4), Revision: row.GetInt64(5), Available: row.GetInt32(6), row.GetInt32(7),
            TermsRevision: row.GetInt64(8), new Money(row.GetInt64(9), row.GetString(10)),
            TimeSpan.FromMilliseconds(row.GetInt64(11)))
        {
            OpensAt = row.GetTime(12),
            ClosesAt = row.IsDBNull(13) ? null : row.GetTime(13),
            Mode = (SaleMode)row.GetInt16(14),
            Version = row.GetInt64(15),
            AvailableVersion = row.GetInt64(16),
        };

    public static StoredSale Read(NpgsqlDataReader row) =>
        new(
            row.GetInt32(0),
            new Sale
            {
                Id = SaleId.Parse(row.GetString(1)),
                Quantity = row.GetInt32(5),
                Revision = row.GetInt64(10),
                PerBuyerLimit = row.GetInt32(11),
                Mode = (SaleMode)row.GetInt16(12),
                RequirePurchaseToken = row.GetBoolean(13),
                OpensAt = row.GetTime(14),
                ClosesAt = row.IsDBNull(15) ? null : row.GetTime(15),
                PaymentWindow = TimeSpan.FromMilliseconds(row.GetInt64(16)),
                CreatedAt = row.GetTime(17),
                Price = new Money(row.GetInt64(18), row.GetString(19)),
                OrderIdKey = row.GetFieldValue<byte[]>(20),
                Title = row.GetString(21),
                Description = row.IsDBNull(22) ? null : row.GetString(22),
                ImageUrl = row.IsDBNull(23) ? null : new Uri(row.GetString(23)),
            },
            Epoch: row.GetInt64(2),
            Admitted: row.GetInt64(3),
            Events: row.GetInt64(4),
            new Stock(row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8), row.GetInt64(9)));

    /// <summary>A time, which the database keeps in UTC.</summary>
    public static DateTimeOffset GetTime(this NpgsqlDataReader row, int column) => new(row.GetDateTime(column));
}

/// <summary>What a transaction knows of a sale whose row it has locked.</summary>
/// <param name="No">The number by which other rows name it.</param>
/// <param name="Id">The sale.</param>
/// <param name="Epoch">The gate's epoch.</param>
/// <param name="Admitted">Claims admitted in its whole life.</param>
/// <param name="Events">Transitions it has had; the next one's number is one more.</param>
/// <param name="Revision">The revision of its terms.</param>
/// <param name="Available">Units nobody holds.</param>
/// <param name="PerBuyerLimit">The most units one buyer holds.</param>
/// <param name="TermsRevision">The revision under which price, opening or limit changed last.</param>
/// <param name="Price">The price of one unit.</param>
/// <param name="PaymentWindow">How long a reservation waits for its payment.</param>
internal sealed record LockedSale(
    int No, SaleId Id, long Epoch, long Admitted, long Events, long Revision, int Available, int PerBuyerLimit,
    long TermsRevision, Money Price, TimeSpan PaymentWindow)
{
    /// <summary>From this moment on claims are admitted.</summary>
    public required DateTimeOffset OpensAt { get; init; }

    /// <summary>From this moment on none is; null where the sale is open-ended.</summary>
    public required DateTimeOffset? ClosesAt { get; init; }

    /// <summary>What an operator has decided.</summary>
    public required SaleMode Mode { get; init; }

    /// <summary>Grows with every change of the row.</summary>
    public required long Version { get; init; }

    /// <summary>Grows with each change of what is available.</summary>
    public required long AvailableVersion { get; init; }
}

/// <summary>A sale with its units, as the database has them.</summary>
/// <param name="No">The number by which other rows name it.</param>
/// <param name="Sale">The terms.</param>
/// <param name="Epoch">The gate's epoch.</param>
/// <param name="Admitted">Claims admitted in its whole life.</param>
/// <param name="Events">Transitions it has had.</param>
/// <param name="Stock">The units.</param>
internal sealed record StoredSale(int No, Sale Sale, long Epoch, long Admitted, long Events, Stock Stock);
