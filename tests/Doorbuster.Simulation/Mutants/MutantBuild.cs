using System.Reflection;
using System.Runtime.Loader;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// Compiles a project anew with one guard taken out, and loads it beside the true one. So production code carries no
/// switch for it, and nobody else can turn a guard off.
/// </summary>
internal static class MutantBuild
{
    /// <summary>Does something with the simulation over a broken engine, or over a broken disk.</summary>
    public static T With<T>(Mutant mutant, Func<Assembly, T> work)
    {
        var sources = Sources.Of(mutant);
        var context = new Context(sources.Assembly, sources.Without(mutant));
        try
        {
            return work(context.LoadFromAssemblyName(new AssemblyName("Doorbuster.Simulation")));
        }
        finally
        {
            // The context loads what the work needs, when it first needs it. One that nobody refers to any more is
            // unloaded by its finalizer, though its assemblies still run; so it is referred to until here.
            context.Unload();
        }
    }

    /// <summary>Has the broken assembly, and its own copies of those that are built on it.</summary>
    private sealed class Context(string broken, byte[] image) : AssemblyLoadContext(isCollectible: true)
    {
        private static readonly string[] BuiltOnIt = ["Doorbuster", "Doorbuster.Conformance", "Doorbuster.Simulation"];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name == broken)
            {
                using var stream = new MemoryStream(image);
                return LoadFromStream(stream);
            }

            return BuiltOnIt.Contains(assemblyName.Name)
                ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll"))
                : null;
        }
    }
}
