using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>A sale's terms as the gate keeps them.</summary>
internal static class SaleTerms
{
    /// <summary>Revision, total, per-buyer limit, opening and closing (ms; empty where open-ended), state.</summary>
    public static RedisValue[] Of(Sale sale) =>
    [
        sale.Revision,
        sale.Quantity,
        sale.PerBuyerLimit,
        FirstMillisecond(sale.OpensAt),
        sale.ClosesAt is { } closes ? FirstMillisecond(closes) : "",
        sale.Mode switch
        {
            SaleMode.Active => "active",
            SaleMode.Paused => "paused",
            SaleMode.Closed => "closed",
            _ => throw new ArgumentOutOfRangeException(nameof(sale), sale.Mode, "A gate knows no such mode."),
        },
    ];

    /// <summary>The first whole millisecond at or after a moment, since the gate's clock shows whole ones.</summary>
    private static long FirstMillisecond(DateTimeOffset moment) =>
        moment.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();
}
