namespace Doorbuster.Cli.Load;

/// <summary>What a crowd is to do.</summary>
/// <param name="Server">The server's address.</param>
/// <param name="Sale">The id of the sale.</param>
/// <param name="Buyers">How many claims arrive, each for one unit.</param>
/// <param name="RatePerSecond">
/// Arrivals a second, or nothing for as fast as the connections allow; see <see cref="Arrivals"/>.
/// </param>
/// <param name="Connections">How many claims can be under way at once.</param>
internal sealed record LoadPlan(Uri Server, string Sale, int Buyers, double? RatePerSecond, int Connections)
{
    /// <summary>The largest crowd.</summary>
    public const int MaxBuyers = 5_000_000;

    /// <summary>The highest rate, far above what one machine sends.</summary>
    public const int MaxRatePerSecond = 1_000_000;

    /// <summary>The most connections.</summary>
    public const int MaxConnections = 4_096;

    /// <summary>The connections of a crowd that asks for no other number.</summary>
    public const int DefaultConnections = 256;

    /// <summary>
    /// Names this run in buyer ids and idempotency keys, so that a second run on the same sale is of other buyers.
    /// </summary>
    public string RunId { get; } = Guid.NewGuid().ToString("N")[..12];
}
