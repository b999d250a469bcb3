namespace Doorbuster.Server.Tests.Reference;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Tree
{
    public static string Root { get; } = FindRoot();

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
