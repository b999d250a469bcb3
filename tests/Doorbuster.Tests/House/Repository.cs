namespace Doorbuster.Tests.House;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] SourceFolders = ["src", "tests", "bench", "samples", "web"];
    private static readonly string[] SourceExtensions = [".cs", ".ts", ".lua", ".sql"];
    private static readonly string[] MadeFolders = ["bin", "obj", "node_modules", "dist"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that people write in a programming language.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } =
    [
        .. SourceFolders.SelectMany(Walk)
            .Where(path => SourceExtensions.Contains(Path.GetExtension(path)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, Read(path))),
    ];

    public static IEnumerable<SourceFile> Engine => Under("src/Doorbuster/");

    public static IEnumerable<Project> Projects =>
        from folder in SourceFolders
        from path in Walk(folder)
        where path.EndsWith(".csproj", StringComparison.Ordinal)
        select Project.Parse(path, Read(path));

    /// <summary>Every page that people read.</summary>
    public static IEnumerable<string> Pages =>
        SourceFolders.Append("docs").SelectMany(Walk)
            .Concat(Directory.EnumerateFiles(Root, "*.md").Select(path => Path.GetFileName(path)))
            .Where(path => path.EndsWith(".md", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Under(string folder) =>
        Sources.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        var directory = new DirectoryInfo(Path.Combine(Root, folder));
        if (!directory.Exists)
        {
            return [];
        }

        var here = directory.EnumerateFiles().Select(file => $"{folder}/{file.Name}");
        var below = directory.EnumerateDirectories()
            .Where(child => !MadeFolders.Contains(child.Name))
            .SelectMany(child => Walk($"{folder}/{child.Name}"));
        return here.Concat(below);
    }

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
