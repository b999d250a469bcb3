using System.Globalization;

namespace Doorbuster.Comparison;

/// <summary>What every contender is put through: the same crowd, the same floods, the same patience.</summary>
internal sealed record ComparisonPlan
{
    /// <summary>How to call it.</summary>
    public const string Usage = "usage: Doorbuster.Comparison [--short] [--only PART-OF-A-NAME] [--out FOLDER]";

    /// <summary>Units of the sale that the crowd comes for.</summary>
    public int Units { get; private init; } = 5_000;

    /// <summary>Clicks of the crowd.</summary>
    public int Clicks { get; private init; } = 40_000;

    /// <summary>Clicks a second, due at times that are fixed in advance.</summary>
    public int ClicksPerSecond { get; private init; } = 8_000;

    /// <summary>Units that are sold to warm a contender up.</summary>
    public int WarmUpUnits { get; private init; } = 12_000;

    /// <summary>How long the flood lasts that warms up, and the one that is refused.</summary>
    public TimeSpan Flood { get; private init; } = TimeSpan.FromSeconds(4);

    /// <summary>How many floods of claims a contender bears; an odd number, for their median counts.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>How long a flood of claims lasts.</summary>
    public TimeSpan Round { get; private init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long after a flood of claims began orders are counted, those of a queue too.</summary>
    public TimeSpan Window { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after the crowd a unit may take to be sold.</summary>
    public TimeSpan Patience { get; private init; } = TimeSpan.FromSeconds(30);

    /// <summary>A part of the names of those that run; every one has the empty part.</summary>
    public string Only { get; private init; } = "";

    /// <summary>The folder that the pages and the picture go to.</summary>
    public string Out { get; private init; } = "";

    /// <summary>Whether the crowd and the floods are whole, and not those that try the harness.</summary>
    public bool IsFull => Clicks == new ComparisonPlan().Clicks;

    /// <summary>Whether this is the run whose figures are shown: full, and of all.</summary>
    public bool IsWhole => Only == "" && IsFull;

    /// <summary>Reads the arguments; null where one is not understood.</summary>
    public static ComparisonPlan? TryParse(string[] args)
    {
        var plan = new ComparisonPlan();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--short":
                    plan = plan.Shortened();
                    break;
                case "--only" when value != "":
                    plan = plan with { Only = args[++i] };
                    break;
                case "--out" when value != "":
                    plan = plan with { Out = args[++i] };
                    break;
                default:
                    return null;
            }
        }

        return plan.Out == "" ? plan with { Out = plan.IsWhole ? "docs" : "artifacts/comparison" } : plan;
    }

    /// <summary>What the crowd is, as a page says it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Units:#,0} units, {Clicks:#,0} clicks at {ClicksPerSecond:#,0} a second");

    private ComparisonPlan Shortened() => this with
    {
        Units = 500,
        Clicks = 4_000,
        ClicksPerSecond = 4_000,
        WarmUpUnits = 1_000,
        Flood = TimeSpan.FromSeconds(1),
        Window = TimeSpan.FromSeconds(3),
        Patience = TimeSpan.FromSeconds(15),
    };
}
