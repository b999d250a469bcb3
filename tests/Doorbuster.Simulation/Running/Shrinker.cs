using System.Diagnostics;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Running;

/// <summary>
/// Makes a failure short: it leaves sales, people and faults out as long as the same law is broken. It tries all, then
/// halves, then ever smaller parts (A. Zeller, R. Hildebrandt, "Simplifying and isolating failure-inducing input",
/// 2002).
/// </summary>
/// <remarks>
/// Leaving one part out moves everything that comes after it: a failure that hangs on who is first, or on a clock, is
/// gone with it. So what remains is tried under many orders and delays, the more of them the smaller it is.
/// </remarks>
internal sealed class Shrinker(
    ulong seed, WorldKind kind, string law, Func<ulong, WorldKind, Mask, bool, RunResult> run)
{
    /// <summary>Orders in which whatever remains is tried, however large it is.</summary>
    private const int FewestOrders = 4;

    private const int MostOrders = 400;

    /// <summary>Continuations spent on one part: some dozens of whole worlds, or hundreds of small ones.</summary>
    private const long MostSteps = 100_000;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _longest;

    /// <summary>How many worlds were tried.</summary>
    public int Tried { get; private set; }

    private bool IsOver => _clock.Elapsed > _longest;

    /// <summary>The shortest history that was found within about this time.</summary>
    public (Mask Mask, RunResult Result) Shrink(TimeSpan longest)
    {
        _longest = longest;
        var mask = Mask.None;
        var terms = WorldTerms.Draw(seed, kind);
        string before;
        do
        {
            before = Size(mask);
            mask = Without(mask, Range(terms.Sales.Count), m => m.Sales, (m, set) => m with { Sales = set });
            mask = Without(mask, Range(terms.Buyers), m => m.Buyers, (m, set) => m with { Buyers = set });
            mask = FewestVisits(mask);
            mask = Without(mask, Range(terms.Sales.Count), m => m.Operators, (m, set) => m with { Operators = set });
            mask = Without(mask, Range(terms.Watchers), m => m.Watchers, (m, set) => m with { Watchers = set });
            mask = Without(mask, Enum.GetValues<FaultKind>(), m => m.Kinds, (m, set) => m with { Kinds = set });
            mask = Without(mask, FaultsOf(mask), m => m.Faults, (m, set) => m with { Faults = set });
        }
        while (Size(mask) != before && !IsOver);

        mask = Shortest(mask);
        return (mask, run(seed, kind, mask, true));
    }

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);

    private static string Size(Mask mask) =>
        $"{mask.Sales.Count} {mask.Buyers.Count} {mask.Operators.Count} {mask.Watchers.Count} {mask.Kinds.Count} "
        + $"{mask.Faults.Count} {mask.Visits}";

    private IEnumerable<(FaultKind, int)> FaultsOf(Mask mask)
    {
        var result = run(seed, kind, mask, false);
        return Enum.GetValues<FaultKind>().SelectMany(kind =>
            Range(Math.Min(64, result.FaultsDrawn[(int)kind])).Select(no => (kind, no)));
    }

    private Mask FewestVisits(Mask mask)
    {
        for (var visits = 1; visits < Math.Min(mask.Visits, 9); visits++)
        {
            if (Failing(mask with { Visits = visits }) is { } fewer)
            {
                return fewer;
            }
        }

        return mask;
    }

    /// <summary>Leaves out as many parts as it can.</summary>
    private Mask Without<T>(
        Mask mask, IEnumerable<T> all, Func<Mask, IReadOnlySet<T>> left, Func<Mask, IReadOnlySet<T>, Mask> leave)
    {
        var present = all.Where(part => !left(mask).Contains(part)).ToList();
        for (var size = present.Count; size >= 1; size /= 2)
        {
            foreach (var chunk in present.Chunk(size).ToArray())
            {
                if (!IsOver && Failing(leave(mask, new HashSet<T>(left(mask).Concat(chunk)))) is { } smaller)
                {
                    mask = smaller;
                    present.RemoveAll(chunk.Contains);
                }
            }
        }

        return mask;
    }

    /// <summary>The mask under an order in which the same law is broken; null where it is in none.</summary>
    private Mask? Failing(Mask mask)
    {
        var steps = 0L;
        for (var more = 0; more < FewestOrders || (more < MostOrders && steps < MostSteps); more++)
        {
            // The order that showed it last is the likeliest to show it again.
            var tried = more == 0 ? mask : mask with { Order = more };
            Tried++;
            var result = run(seed, kind, tried, false);
            steps += result.Steps;
            if (result.Broken?.Law == law)
            {
                return tried;
            }
        }

        return null;
    }

    /// <summary>Of some orders in which nothing more can be left out, the one with the fewest steps.</summary>
    private Mask Shortest(Mask mask)
    {
        var (shortest, fewest) = (mask, long.MaxValue);
        for (var order = 0; order < MostOrders; order++)
        {
            var tried = order == 0 ? mask : mask with { Order = order };
            var result = run(seed, kind, tried, false);
            if (result.Broken?.Law == law && result.Steps < fewest)
            {
                (shortest, fewest) = (tried, result.Steps);
            }
        }

        return shortest;
    }
}
