using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>One figure: what is asked of it and what was measured, over several runs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Asked">The bound, with its unit, as a reader says it.</param>
/// <param name="IsMet">Whether the median keeps it.</param>
/// <param name="Median">The median of the runs.</param>
/// <param name="Lowest">The lowest run.</param>
/// <param name="Highest">The highest run.</param>
/// <param name="Detail">The absolute values behind it, which hold for this machine and run alone.</param>
internal sealed record Figure(
    string Name, string Asked, bool IsMet, double Median, double Lowest, double Highest, string Detail)
{
    /// <summary>A figure that must not be below a bound.</summary>
    public static Figure AtLeast(string name, double bound, IReadOnlyList<double> runs, string detail) =>
        Make(name, string.Create(CultureInfo.InvariantCulture, $"at least {bound}"), runs, m => m >= bound, detail);

    /// <summary>A figure that must stay below a bound.</summary>
    public static Figure Under(string name, double bound, string unit, IReadOnlyList<double> runs, string detail) =>
        Make(name, string.Create(CultureInfo.InvariantCulture, $"under {bound} {unit}"), runs, m => m < bound, detail);

    /// <summary>A figure of which nothing is asked, for it is to be known.</summary>
    public static Figure Shown(string name, IReadOnlyList<double> runs, string detail) =>
        Make(name, "to be known", runs, _ => true, detail);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Asked} | {Show(Median)} ({Show(Lowest)} to {Show(Highest)}) | {Met} | {Detail} |");

    private string Met => IsMet ? "yes" : "**no**";

    private static Figure Make(
        string name, string asked, IReadOnlyList<double> runs, Func<double, bool> keeps, string detail)
    {
        var sorted = runs.Order().ToArray();
        var median = sorted[sorted.Length / 2];
        return new Figure(name, asked, keeps(median), median, sorted[0], sorted[^1], detail);
    }

    private static string Show(double value) =>
        value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
