using Doorbuster.Conformance;

namespace Doorbuster.Tests.Determinism;

/// <summary>What a seed makes of a world: small, so that its few units and places are fought over.</summary>
internal sealed record WorldTerms
{
    public required IReadOnlyList<Sale> Sales { get; init; }

    public required Limits Limits { get; init; }

    public required int Lanes { get; init; }

    public required int Buyers { get; init; }

    /// <summary>How many of a hundred commits go wrong.</summary>
    public required int FaultPercent { get; init; }

    /// <summary>How many of a hundred times reading back is impossible.</summary>
    public required int ReadBackFaultPercent { get; init; }

    public static WorldTerms Draw(Random random) => new()
    {
        Sales = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => DrawSale($"sale-{i}", random))],
        Limits = new Limits
        {
            LaneCapacity = random.Next(4, 40),
            BatchSize = random.Next(1, 17),
            OrdersPerBuyer = random.Next(1, 5),
        },
        Lanes = random.Next(1, 4),
        Buyers = random.Next(5, 41),
        FaultPercent = random.Next(3) * 15,
        ReadBackFaultPercent = random.Next(2) * 40,
    };

    private static Sale DrawSale(string id, Random random)
    {
        var limit = random.Next(1, 5);
        var opensAt = Samples.Noon.AddMilliseconds(random.Next(0, 80));
        return Samples.Sale(id, quantity: random.Next(1, 31), limit: limit) with
        {
            OpensAt = opensAt,
            ClosesAt = random.Next(4) == 0 ? opensAt.AddMilliseconds(random.Next(1, 300)) : null,
        };
    }
}
