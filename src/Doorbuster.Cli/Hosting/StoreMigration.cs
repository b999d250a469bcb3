using Doorbuster.AspNetCore.Settings;
using Doorbuster.Sql.Postgres;
using Doorbuster.Sql.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Cli.Hosting;

/// <summary>Brings the order store's schema up to date, without serving.</summary>
internal static class StoreMigration
{
    /// <summary>Applies what is missing; safe to run again, and where nothing is missing it changes nothing.</summary>
    /// <param name="dataDirectory">The data directory, or nothing for that of the settings.</param>
    /// <param name="cancellationToken">Gives up before the first step.</param>
    /// <returns>Where the store is, which is now up to date.</returns>
    /// <exception cref="CommandException">Another process owns the store, or it cannot be opened.</exception>
    public static async Task<string> RunAsync(string? dataDirectory, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateBuilder(ServerSettings.Data(dataDirectory));
        try
        {
            var options = DoorbusterOptions.Read(builder.Configuration);
            if (options.Store == StoreKind.Postgres)
            {
                return await PostgresMigrator.MigrateAsync(options.Postgres, cancellationToken);
            }

            // Opening the embedded store takes its lock and brings its schema up to date.
            await using var store = await SqliteStore.OpenAsync(
                options.Sqlite, TimeProvider.System, NullLogger.Instance, cancellationToken);
            return Path.GetFullPath(options.Sqlite.Database);
        }
        catch (Exception failure) when (StartFailure.IsMendable(failure))
        {
            throw CommandException.Failed($"The order store was not migrated. {failure.Message}", failure);
        }
    }
}
