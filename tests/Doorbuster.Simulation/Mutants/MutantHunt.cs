using System.Globalization;
using System.Reflection;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// Runs seeds over a broken engine until the auditor notices: first the one that is remembered to have caught the
/// mutant, and where that one misses it now, all from 1.
/// </summary>
internal static class MutantHunt
{
    /// <summary>Seeds after which a mutant is held to be missed.</summary>
    public static ulong MostOf(WorldKind kind) => kind == WorldKind.Nodes ? 1_500UL : 2_000;

    /// <summary>Hunts some mutants, several at a time.</summary>
    /// <param name="mutants">The mutants.</param>
    /// <param name="remembered">Seeds to try first, by guard.</param>
    /// <param name="threads">How many are hunted at a time.</param>
    /// <param name="progress">Told of each end.</param>
    /// <param name="within">Seeds tried at most; null for as many as the suite tries.</param>
    public static IReadOnlyList<MutantEnd> Hunt(
        IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<string, ulong> remembered, int threads,
        Action<MutantEnd>? progress = null, ulong? within = null)
    {
        var ends = new MutantEnd[mutants.Count];
        var next = -1;
        Exception? fault = null;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (Interlocked.Increment(ref next) is var no && no < ends.Length)
            {
                try
                {
                    ends[no] = Hunt(mutants[no], remembered.GetValueOrDefault(mutants[no].Guard), within);
                    progress?.Invoke(ends[no]);
                }
                catch (Exception broken)
                {
                    // Thrown from the thread that asked: from this one it would end the process, or hang it.
                    fault = broken;
                    return;
                }
            }
        })).ToArray();
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return fault is null ? ends : throw new InvalidOperationException(fault.Message, fault);
    }

    /// <summary>Hunts one mutant.</summary>
    /// <param name="mutant">The mutant.</param>
    /// <param name="remembered">The seed to try first; 0 where none is remembered.</param>
    /// <param name="within">Seeds tried at most.</param>
    private static MutantEnd Hunt(Mutant mutant, ulong remembered, ulong? within)
    {
        var found = MutantBuild.With(mutant, broken => (string?)broken.GetType(typeof(MutantHunt).FullName!)!
            .GetMethod(nameof(FirstBroken), BindingFlags.NonPublic | BindingFlags.Static)!
            .Invoke(null, [remembered, (int)mutant.World, within ?? MostOf(mutant.World)]));
        var words = found?.Split('|', 2);
        return words is null
            ? new MutantEnd(mutant, null, "")
            : new MutantEnd(mutant, ulong.Parse(words[0], CultureInfo.InvariantCulture), words[1]);
    }

    /// <summary>
    /// The first seed whose world breaks a law, and the law. It is called in the assembly that was loaded with the
    /// mutant, where every type is another one; so it answers in a text.
    /// </summary>
    private static string? FirstBroken(ulong remembered, int kind, ulong most)
    {
        for (var seed = remembered == 0 ? 1 : 0UL; seed <= most; seed++)
        {
            var tried = seed == 0 ? remembered : seed;
            if (World.Run(tried, (WorldKind)kind).Broken is { } broken)
            {
                return $"{tried}|{broken.Law}";
            }
        }

        return null;
    }
}
