using System.Globalization;

namespace Doorbuster.Chaos;

/// <summary>How a chaos run is made.</summary>
internal sealed record ChaosPlan
{
    /// <summary>How long faults go on, in seconds.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>Draws faults, and what buyers do; not when things happen, which real servers decide.</summary>
    public int Seed { get; init; } = 21;

    /// <summary>What carries admitted claims: <c>redis-stream</c> or <c>rabbitmq</c>.</summary>
    public string Queue { get; init; } = "redis-stream";

    /// <summary>People who buy.</summary>
    public int Buyers { get; init; } = 20_000;

    /// <summary>Units of each sale.</summary>
    public int Quantity { get; init; } = 1_500;

    /// <summary>Sales at once.</summary>
    public int Sales { get; init; } = 3;

    /// <summary>Units that one buyer may hold of a sale.</summary>
    public int Limit { get; init; } = 3;

    /// <summary>Buyers at the servers at one time.</summary>
    public int AtOnce { get; init; } = 48;

    /// <summary>What to type.</summary>
    public const string Usage =
        "usage: bash eng/chaos.sh [SECONDS] [--queue redis-stream|rabbitmq] [--seed N]   (SECONDS from 1 to 86400)";

    /// <summary>Reads the arguments; null where one is not understood.</summary>
    public static ChaosPlan? TryParse(IReadOnlyList<string> args)
    {
        var plan = new ChaosPlan();
        for (var i = 0; i < args.Count && plan is not null; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : "";
            plan = args[i] switch
            {
                "--queue" when value is "redis-stream" or "rabbitmq" => plan with { Queue = value },
                "--seed" when Number(value) is { } seed => plan with { Seed = seed },
                var seconds when Number(seconds) is >= 1 and <= 86_400 and { } time => plan with { Seconds = time },
                _ => null,
            };
            i += args[i].StartsWith("--", StringComparison.Ordinal) ? 1 : 0;
        }

        return plan;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
