using System.Globalization;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// Runs seeds over a broken engine until the auditor notices: first the one that is remembered to have caught the
/// mutant, and where that one misses it now, all from 1.
/// </summary>
internal static class MutantHunt
{
    /// <summary>The name of what is called in the assembly that has the mutants.</summary>
    public const string Search = nameof(FirstBroken);

    /// <summary>Steps that a world may take until a mutant is caught, before others are tried.</summary>
    private const long Brief = 40_000;

    /// <summary>Further seeds that are tried then.</summary>
    private const ulong Further = 6;

    /// <summary>Seeds after which a mutant is held to be missed.</summary>
    public static ulong MostOf(WorldKind kind) => kind == WorldKind.Embedded ? 2_000 : 1_500UL;

    /// <summary>Hunts some mutants, several at a time.</summary>
    /// <param name="mutants">The mutants.</param>
    /// <param name="remembered">Seeds to try first, by guard.</param>
    /// <param name="threads">How many are hunted at a time.</param>
    /// <param name="progress">Told of each end.</param>
    /// <param name="within">Seeds tried at most; null for as many as the suite tries.</param>
    public static IReadOnlyList<MutantEnd> Hunt(
        IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<string, ulong> remembered, int threads,
        Action<MutantEnd>? progress = null, ulong? within = null) =>
        Hunt(new MutantBuild(mutants), mutants, remembered, threads, progress, within);

    /// <summary>The same in a build that has these mutants.</summary>
    public static IReadOnlyList<MutantEnd> Hunt(
        MutantBuild build, IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<string, ulong> remembered, int threads,
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
                    var mutant = mutants[no];
                    var found = build.FirstBroken(
                        no, remembered.GetValueOrDefault(mutant.Guard), mutant.World, within ?? MostOf(mutant.World));
                    ends[no] = EndOf(mutant, found);
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

    private static MutantEnd EndOf(Mutant mutant, string? found) => found?.Split('|', 2) is { } words
        ? new MutantEnd(mutant, ulong.Parse(words[0], CultureInfo.InvariantCulture), words[1])
        : new MutantEnd(mutant, null, "");

    /// <summary>
    /// The first seed whose world breaks a law, and the law. Where that takes long, for all is to come to rest before
    /// it is noticed, some further seeds may be quicker, and the next who tries need not wait. It is called in the
    /// assembly that was loaded with the mutants, where every type is another one; so it answers in a text.
    /// </summary>
    internal static string? FirstBroken(ulong remembered, int kind, ulong most)
    {
        RunResult? best = null;
        for (var seed = remembered == 0 ? 1 : 0UL; seed <= most; seed++)
        {
            var result = World.Run(seed == 0 ? remembered : seed, (WorldKind)kind);
            if (result.Broken is not null)
            {
                best = best is null || result.Steps < best.Steps ? result : best;
                most = Math.Min(most, seed + Further);
            }

            if (best is not null && (seed == 0 || best.Steps < Brief))
            {
                break;
            }
        }

        return best is null ? null : $"{best.Seed}|{best.Broken!.Law}";
    }
}
