using System.Reflection;
using System.Runtime.Loader;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// The engine and all that is built on it, compiled once more with every mutant in it, and loaded beside the true one.
/// So production code carries no switch for it, and nobody else can turn a guard off.
/// </summary>
internal sealed class MutantBuild
{
    private readonly Action<int> _want;
    private readonly Func<ulong, int, ulong, string?> _firstBroken;

    /// <summary>Compiles and loads them.</summary>
    /// <exception cref="InvalidOperationException">A guard is not there, or nothing compiles without it.</exception>
    public MutantBuild(IReadOnlyList<Mutant> mutants)
    {
        var context = new Context(Sources.With(mutants));
        _want = MethodOf(context, "Doorbuster", Weaver.WantedType, "Want").CreateDelegate<Action<int>>();
        _firstBroken = MethodOf(context, "Doorbuster.Simulation", typeof(MutantHunt).FullName!, MutantHunt.Search)
            .CreateDelegate<Func<ulong, int, ulong, string?>>();
    }

    /// <summary>
    /// Runs seeds in worlds without one of the guards, or with all of them, until a law is broken: what
    /// <see cref="MutantHunt.FirstBroken"/> says there.
    /// </summary>
    /// <param name="place">The mutant's place among those that were compiled; null for the true code.</param>
    /// <param name="remembered">The seed to try first; 0 for none.</param>
    /// <param name="kind">The kind of worlds.</param>
    /// <param name="most">Seeds tried at most.</param>
    public string? FirstBroken(int? place, ulong remembered, WorldKind kind, ulong most)
    {
        _want(place + 1 ?? 0);
        try
        {
            return _firstBroken(remembered, (int)kind, most);
        }
        finally
        {
            _want(0);
        }
    }

    private static MethodInfo MethodOf(Context context, string assembly, string type, string method) =>
        context.LoadFromAssemblyName(new AssemblyName(assembly)).GetType(type, throwOnError: true)!
            .GetMethod(method, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Has the assemblies that were compiled, in the place of the true ones.</summary>
    private sealed class Context(IReadOnlyDictionary<string, byte[]> images) : AssemblyLoadContext("mutants")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (!images.TryGetValue(assemblyName.Name!, out var image))
            {
                return null;
            }

            using var stream = new MemoryStream(image);
            return LoadFromStream(stream);
        }
    }
}
