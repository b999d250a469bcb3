using System.Globalization;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Brings a database's schema up to date, one numbered file a step, each in a transaction of its own.
/// </summary>
internal static class Migrator
{
    private static readonly MigrationSteps Steps = new("Sqlite.Migrations");

    /// <summary>Applies what is missing. Safe to call again.</summary>
    /// <returns>The schema's version now.</returns>
    /// <exception cref="InvalidOperationException">The database was made by a newer program.</exception>
    public static long Migrate(Connection connection)
    {
        var version = connection.ReadInt64("PRAGMA user_version");
        Steps.MustKnow(version);
        for (var step = (int)version; step < Steps.Newest; step++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(Steps.All[step]);
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"));
                connection.Execute("COMMIT");
            }
            finally
            {
                connection.RollbackIfOpen();
            }
        }

        return Steps.Newest;
    }
}
