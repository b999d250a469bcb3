using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// The sources of the engine, of the reference of shared gates and of the simulation, compiled anew with all that
/// mutants make of them.
/// </summary>
internal static class Sources
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

    /// <summary>Each is built on those before it.</summary>
    private static readonly (string Folder, string Assembly)[] Projects =
    [
        ("src/Doorbuster/", "Doorbuster"),
        ("tests/Doorbuster.Conformance/", "Doorbuster.Conformance"),
        ("tests/Doorbuster.Simulation/", "Doorbuster.Simulation"),
    ];

    /// <summary>The repository's root, above the program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The assemblies with every mutant in them, by name; a mutant's number is its place from 1.</summary>
    /// <exception cref="InvalidOperationException">A guard is not there, or nothing compiles without it.</exception>
    public static IReadOnlyDictionary<string, byte[]> With(IReadOnlyList<Mutant> mutants)
    {
        var ofFiles = mutants.Select((mutant, place) => (No: place + 1, Mutant: mutant))
            .ToLookup(one => one.Mutant.File);
        var woven = ofFiles.ToDictionary(
            file => file.Key, file => Weaver.Weave(File.ReadAllText(Path.Combine(Root, file.Key)), [.. file]));
        var images = new Dictionary<string, byte[]>();
        foreach (var (folder, assembly) in Projects)
        {
            images.Add(assembly, Compile(folder, assembly, woven, images, ofFiles));
        }

        return images;
    }

    private static byte[] Compile(
        string folder, string assembly, Dictionary<string, string> woven, Dictionary<string, byte[]> images,
        ILookup<string, (int No, Mutant Mutant)> mutants)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => Parse(
                woven.TryGetValue(path, out var text) ? text : File.ReadAllText(Path.Combine(Root, path)), path));
        var compilation = CSharpCompilation.Create(
            assembly, [.. files, Parse(Usings, "Usings.cs"), .. images.Count == 0 ? Switch() : []],
            References(images),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create(Generators(), parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var whole, out _);
        using var image = new MemoryStream();
        var result = whole.Emit(image);
        return result.Success ? image.ToArray() : throw Broken(result.Diagnostics, mutants);
    }

    private static IEnumerable<SyntaxTree> Switch() => [Parse(Weaver.Wanted, "Wanted.cs")];

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, Parsing, path);

    private static InvalidOperationException Broken(
        IEnumerable<Diagnostic> diagnostics, ILookup<string, (int No, Mutant Mutant)> mutants)
    {
        var error = diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var guards = mutants[error.Location.SourceTree?.FilePath ?? ""].Select(one => $"'{one.Mutant.Guard}'");
        return new InvalidOperationException($"One of {string.Join(", ", guards)} does not compile: {error}");
    }

    /// <summary>All that the program has at hand, but for what is compiled anew.</summary>
    private static IEnumerable<MetadataReference> References(Dictionary<string, byte[]> images) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Array.Exists(
                Projects, project => project.Assembly == Path.GetFileNameWithoutExtension(path)))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .Concat(images.Values.Select(image => MetadataReference.CreateFromImage(image)));

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
