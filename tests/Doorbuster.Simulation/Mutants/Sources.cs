using System.Collections.Frozen;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// A project's sources, read, parsed and generated once, from which it is compiled again and again with one file
/// altered. Several threads compile at a time: nothing of it ever changes.
/// </summary>
internal sealed class Sources
{
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);
    private static readonly Lazy<Sources> Engine = new(() => new Sources("src/Doorbuster", "Doorbuster"));
    private static readonly Lazy<Sources> Conformance = new(
        () => new Sources("tests/Doorbuster.Conformance", "Doorbuster.Conformance"));
    private static readonly Lazy<Sources> Simulation = new(
        () => new Sources("tests/Doorbuster.Simulation", "Doorbuster.Simulation"));

    private readonly FrozenDictionary<string, SyntaxTree> _files;
    private readonly Compilation _whole;

    private Sources(string folder, string assembly)
    {
        Assembly = assembly;
        _files = Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.Contains("/bin/", StringComparison.Ordinal))
            .ToFrozenDictionary(path => path, path => Parse(File.ReadAllText(Path.Combine(Root, path)), path));
        var compilation = CSharpCompilation.Create(
            assembly, [.. _files.Values, Parse(Usings, "Usings.cs")], References(assembly),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false));
        CSharpGeneratorDriver.Create(Generators(), parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out _whole, out _);
    }

    /// <summary>The repository's root, above the program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The name of what they are compiled to.</summary>
    public string Assembly { get; }

    /// <summary>The project that has the mutant's file.</summary>
    public static Sources Of(Mutant mutant) =>
        mutant.File.StartsWith("src/Doorbuster/", StringComparison.Ordinal) ? Engine.Value
        : mutant.File.StartsWith("tests/Doorbuster.Conformance/", StringComparison.Ordinal) ? Conformance.Value
        : Simulation.Value;

    /// <summary>The assembly without the guard.</summary>
    /// <exception cref="InvalidOperationException">The guard is not there, or nothing compiles without it.</exception>
    public byte[] Without(Mutant mutant)
    {
        var file = _files[mutant.File];
        var altered = Parse(mutant.Apply(file.ToString()), mutant.File);
        using var image = new MemoryStream();
        var result = _whole.ReplaceSyntaxTree(file, altered).Emit(image);
        return result.Success
            ? image.ToArray()
            : throw new InvalidOperationException(
                $"'{mutant.Guard}' does not compile: "
                + result.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, Parsing, path);

    private static IEnumerable<MetadataReference> References(string assembly) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != assembly)
            .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>The generators that the engine's own build runs: those of its loggers.</summary>
    private static IEnumerable<ISourceGenerator> Generators() =>
        System.Reflection.Assembly.LoadFrom(
                Path.Combine(AppContext.BaseDirectory, "Microsoft.Extensions.Logging.Generators.dll"))
            .GetTypes()
            .Where(type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract)
            .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator());

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Doorbuster.slnx")))
        {
            directory = directory.Parent
                ?? throw new InvalidOperationException($"No Doorbuster.slnx above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }
}
