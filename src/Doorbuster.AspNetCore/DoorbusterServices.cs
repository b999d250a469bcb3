using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Sql.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore;

/// <summary>Adds Doorbuster to a program's services.</summary>
public static class DoorbusterServices
{
    /// <summary>
    /// Adds the engine, its SQLite store, and the service that runs them with the host. Settings are read and checked
    /// when the host starts, which throws an <see cref="InvalidSettingsException"/> where some are wrong; nothing is
    /// opened before. Call it once. A <see cref="TimeProvider"/>, a <see cref="RandomSource"/> or a
    /// <see cref="StoreOpener"/> that is registered before takes the place of the usual one.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configuration">The root of its configuration; <c>Doorbuster</c> is our section.</param>
    public static IServiceCollection AddDoorbuster(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => DoorbusterOptions.Read(configuration));
        services.AddSingleton<Premises>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(RandomSource.System);
        services.TryAddSingleton<StoreOpener>(provider => cancellationToken => OpenSqliteAsync(
            provider.GetRequiredService<DoorbusterOptions>().Sqlite,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SqliteStore>>(),
            cancellationToken));
        services.AddHostedService<ShopService>();
        return services;
    }

    private static async ValueTask<OpenStore> OpenSqliteAsync(
        SqliteOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var store = await SqliteStore.OpenAsync(options, clock, logger, cancellationToken);
        return new OpenStore(store, store, store, store);
    }
}
