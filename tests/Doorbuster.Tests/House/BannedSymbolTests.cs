using Xunit;

namespace Doorbuster.Tests.House;

/// <summary>
/// What the simulator cannot put in order, the engine does not use. The build says so while one writes; these tests ask
/// the compiled engine, which also shows what no source line spells, such as a `foreach` over a concurrent dictionary.
/// </summary>
public sealed class BannedSymbolTests
{
    private const string Analyzer = "Microsoft.CodeAnalysis.BannedApiAnalyzers";

    [Fact]
    public void The_engine_refers_to_no_banned_symbol() =>
        HouseRule.IsKept(BannedSymbols.UsedBy(typeof(Sale).Assembly.Location));

    [Fact]
    public void A_banned_symbol_is_found_however_it_is_used()
    {
        string[] used =
        [
            "M:System.Threading.Tasks.Task.Run(System.Action)",
            "M:System.Threading.Tasks.Task.Run``1(System.Func{``0})",
            "M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},``0})",
            "P:System.Threading.Tasks.Task`1.Result",
            "M:System.Random.#ctor",
            "P:System.DateTime.UtcNow",
            "T:System.Diagnostics.Stopwatch",
            "M:System.Collections.Concurrent.ConcurrentDictionary`2.GetEnumerator",
        ];

        Assert.Subset(BannedSymbols.UsedBy(typeof(Offender).Assembly.Location).ToHashSet(), used.ToHashSet());
    }

    [Fact]
    public void Every_entry_names_a_symbol_that_exists() =>
        HouseRule.IsKept(BannedSymbols.Unknown(BannedSymbols.Entries, Platform));

    [Fact]
    public void A_misspelt_entry_is_found()
    {
        var entries = BannedSymbols.Parse("// Work\n\nT:System.String;why\nM:System.GC.Collect(System.Integer);why\n");

        HouseRule.IsBroken(
            BannedSymbols.Unknown(entries, [typeof(string).Assembly.Location]), "M:System.GC.Collect(System.Integer)");
    }

    [Fact]
    public void Entries_are_listed_once_and_only_awaits_are_left_to_the_analyzer()
    {
        Assert.Distinct(BannedSymbols.Entries);
        Assert.Superset(BannedSymbols.OfEveryAwait.ToHashSet(), BannedSymbols.Entries.ToHashSet());
    }

    [Fact]
    public void The_engine_is_built_with_the_analyzer_and_its_file() =>
        HouseRule.IsKept(Unguarded(Repository.Projects.Single(project => project.Name == "Doorbuster")));

    [Fact]
    public void An_engine_without_the_analyzer_or_its_file_is_found()
    {
        var guarded = new Project("src/A/A.csproj")
        {
            Packages = [Analyzer],
            AnalyzerFiles = ["../../eng/BannedSymbols.txt"],
        };

        HouseRule.IsKept(Unguarded(guarded));
        HouseRule.IsBroken(Unguarded(guarded with { Packages = [] }), $"A lacks {Analyzer}");
        HouseRule.IsBroken(Unguarded(guarded with { AnalyzerFiles = [] }), "A lacks eng/BannedSymbols.txt");
    }

    private static IEnumerable<string> Platform =>
        Directory.EnumerateFiles(Path.GetDirectoryName(typeof(string).Assembly.Location)!, "System*.dll").Order();

    private static IEnumerable<string> Unguarded(Project engine)
    {
        if (!engine.Packages.Contains(Analyzer))
        {
            yield return $"{engine.Name} lacks {Analyzer}";
        }

        var folder = Path.GetDirectoryName(engine.Path)!;
        var files = engine.AnalyzerFiles.Select(file => Path.GetRelativePath(".", Path.Combine(folder, file)));
        if (!files.Contains(BannedSymbols.Path))
        {
            yield return $"{engine.Name} lacks {BannedSymbols.Path}";
        }
    }
}
