using System.Globalization;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Brings a database's schema up to date, one numbered file a step, each in a transaction of its own.
/// </summary>
internal static class Migrator
{
    private const string Folder = "Doorbuster.Sql.Sqlite.Migrations.";

    /// <summary>Applies what is missing. Safe to call again.</summary>
    /// <returns>The schema's version now.</returns>
    /// <exception cref="InvalidOperationException">The database was made by a newer program.</exception>
    public static long Migrate(Connection connection)
    {
        var steps = Steps();
        var version = connection.ReadInt64("PRAGMA user_version");
        if (version > steps.Count)
        {
            throw new InvalidOperationException(
                $"The database's schema is version {version}, and this program knows up to {steps.Count}: "
                + "it was made by a newer Doorbuster. Use that one.");
        }

        for (var step = (int)version; step < steps.Count; step++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(steps[step]);
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"));
                connection.Execute("COMMIT");
            }
            finally
            {
                connection.RollbackIfOpen();
            }
        }

        return steps.Count;
    }

    private static List<string> Steps()
    {
        var assembly = typeof(Migrator).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return reader.ReadToEnd();
                }),
        ];
    }
}
