namespace Doorbuster.EndToEnd.Tests.Packages;

/// <summary>The working tree that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
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
