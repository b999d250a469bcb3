namespace Doorbuster.Sql;

/// <summary>The numbered files that bring a database's schema from nothing to what this program works with.</summary>
/// <param name="folder">The folder of this project that holds them.</param>
internal sealed class MigrationSteps(string folder)
{
    /// <summary>What each file says, in the order of their numbers; the first makes version 1.</summary>
    public IReadOnlyList<string> All { get; } = Read($"Doorbuster.Sql.{folder}.");

    /// <summary>The version that this program works with.</summary>
    public int Newest => All.Count;

    /// <exception cref="InvalidOperationException">The database was made by a newer program.</exception>
    public void MustKnow(long version)
    {
        if (version > Newest)
        {
            throw new InvalidOperationException(
                $"The database's schema is version {version}, and this program knows up to {Newest}: it was made by a "
                + "newer Doorbuster. Use that one.");
        }
    }

    private static string[] Read(string prefix)
    {
        var assembly = typeof(MigrationSteps).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return reader.ReadToEnd();
                }),
        ];
    }
}
