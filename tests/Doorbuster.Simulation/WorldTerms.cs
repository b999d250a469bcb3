using System.Security.Cryptography;
using System.Text;
using Doorbuster.Simulation.Nodes;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation;

/// <summary>What a seed makes of a world: small, so that its few units and places are fought over.</summary>
internal sealed record WorldTerms
{
    /// <summary>
    /// Longer than any world lasts: what is reserved stays so, and no expiry mends what a gate holds amiss.
    /// </summary>
    private static readonly TimeSpan LongWindow = TimeSpan.FromHours(1);

    public required IReadOnlyList<Sale> Sales { get; init; }

    public required Limits Limits { get; init; }

    public required int Lanes { get; init; }

    public required int Buyers { get; init; }

    public required int Watchers { get; init; }

    /// <summary>What is drawn of several nodes.</summary>
    public required NodeTerms Nodes { get; init; }

    /// <summary>What is drawn of several nodes whose gate is the store.</summary>
    public required StoreTerms Store { get; init; }

    public static WorldTerms Draw(ulong seed, WorldKind kind)
    {
        var draw = Scheduling.Draw.Of(seed, Part.Terms);
        return new WorldTerms
        {
            Nodes = NodeTerms.Draw(seed),
            Store = StoreTerms.Draw(seed),
            Sales = [.. Enumerable.Range(0, draw.Next(1, 5)).Select(no => DrawSale(seed, no, kind))],
            Limits = new Limits
            {
                LaneCapacity = draw.Next(3, 40),
                BatchSize = draw.Next(1, 17),
                OrdersPerBuyer = World.OrdersPerBuyer,
                OrderQueueCapacity = draw.Next(4, 64),
                OrderBatchSize = draw.Next(1, 17),
                WatcherQueue = draw.Of(2, 8, 32),
            },
            Lanes = draw.Of(1, 1, 2, 3),
            Buyers = draw.Next(11, 37),
            Watchers = draw.Of(0, 0, 1, 3),
        };
    }

    private static Sale DrawSale(ulong seed, int no, WorldKind kind)
    {
        var draw = Scheduling.Draw.Of(seed, Part.Sales + (ulong)no);
        var opensAt = RealmClock.Start.AddMilliseconds(draw.Of(0, 100, 400));
        var id = $"sale{no}";
        var sale = new Sale
        {
            Id = SaleId.Parse(id),
            Title = id,
            Quantity = draw.Of(1, 2, 5, 10, 20, 40),
            Price = new Money(draw.Next(1, 5_000), "EUR"),
            OpensAt = opensAt,
            ClosesAt = draw.Percent(20) ? opensAt.AddMilliseconds(draw.Next(300, 3_000)) : null,
            PerBuyerLimit = draw.Next(1, 5),
            PaymentWindow = TimeSpan.FromMilliseconds(draw.Next(100, 2_000)),
            RequirePurchaseToken = draw.Percent(50),
            CreatedAt = RealmClock.Start,
            Revision = 1,
            OrderIdKey = SHA256.HashData(Encoding.UTF8.GetBytes(id)),
        };
        return kind == WorldKind.Nodes && draw.Percent(40) ? sale with { PaymentWindow = LongWindow } : sale;
    }
}
