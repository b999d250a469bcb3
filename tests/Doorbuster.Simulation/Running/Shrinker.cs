using System.Diagnostics;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Running;

/// <summary>
/// Makes a failure short: it leaves people and faults out as long as the same law is broken, and tries some orders of
/// what remains, for leaving one part out changes what runs next. It tries halves first, then ever smaller parts
/// (A. Zeller, R. Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
/// </summary>
internal sealed class Shrinker(ulong seed, string law, Func<ulong, Mask, bool, RunResult> run)
{
    private const int Orders = 4;

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>How many worlds were tried.</summary>
    public int Tried { get; private set; }

    /// <summary>The shortest history that was found within this time.</summary>
    public (Mask Mask, RunResult Result) Shrink(TimeSpan longest)
    {
        var mask = Mask.None;
        var terms = WorldTerms.Draw(seed);
        string before;
        do
        {
            before = Size(mask);
            mask = FewestVisits(mask);
            mask = Without(mask, Enumerable.Range(0, terms.Buyers), m => m.Buyers, (m, set) => m with { Buyers = set });
            mask = Without(
                mask, Enumerable.Range(0, terms.Sales.Count), m => m.Operators, (m, set) => m with { Operators = set });
            mask = Without(
                mask, Enumerable.Range(0, terms.Watchers), m => m.Watchers, (m, set) => m with { Watchers = set });
            mask = Without(mask, Enum.GetValues<FaultKind>(), m => m.Kinds, (m, set) => m with { Kinds = set });
            mask = Without(mask, FaultsOf(mask), m => m.Faults, (m, set) => m with { Faults = set });
        }
        while (Size(mask) != before && _clock.Elapsed < longest);

        return (mask, run(seed, mask, true));
    }

    private static string Size(Mask mask) =>
        $"{mask.Buyers.Count} {mask.Operators.Count} {mask.Watchers.Count} {mask.Kinds.Count} {mask.Faults.Count} "
        + $"{mask.Visits}";

    private IEnumerable<(FaultKind, int)> FaultsOf(Mask mask)
    {
        var result = run(seed, mask, false);
        return Enum.GetValues<FaultKind>().SelectMany(kind =>
            Enumerable.Range(0, Math.Min(64, result.FaultsDrawn[(int)kind])).Select(no => (kind, no)));
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
                if (Failing(leave(mask, new HashSet<T>(left(mask).Concat(chunk)))) is { } smaller)
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
        for (var order = 0; order < Orders; order++)
        {
            var tried = mask with { Order = (mask.Order + order) % Orders };
            Tried++;
            if (run(seed, tried, false).Broken?.Law == law)
            {
                return tried;
            }
        }

        return null;
    }
}
