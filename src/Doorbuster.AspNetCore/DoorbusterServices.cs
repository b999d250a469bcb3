using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Live;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Payments;
using Doorbuster.Sql.Postgres;
using Doorbuster.Sql.Sqlite;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore;

/// <summary>Adds Doorbuster to a program's services.</summary>
public static class DoorbusterServices
{
    /// <summary>
    /// Adds the engine, its store, and the service that runs them with the host. Settings, those of the section
    /// <c>Doorbuster</c>, are read and checked when the host starts, which throws an
    /// <see cref="InvalidSettingsException"/> where some are wrong; nothing is opened before. Call it once. A
    /// <see cref="TimeProvider"/>, a <see cref="RandomSource"/> or a <see cref="StoreOpener"/> that is registered
    /// before takes the place of the usual one, and an <see cref="IPaymentProvider"/> that of the settings' one.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="identity">
    /// Who calls, by the program's own sign-in: <c>HostIdentity.OfUser()</c> for ASP.NET Core's. Bearer tokens are then
    /// accepted beside it only where <c>Doorbuster:Identity</c> names an authority or a signing key. Without it, bearer
    /// tokens alone say who calls.
    /// </param>
    public static IServiceCollection AddDoorbuster(this IServiceCollection services, HostIdentity? identity = null)
    {
        if (identity is not null)
        {
            services.AddSingleton(identity);
        }

        services.AddSingleton(provider => DoorbusterOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new CrossOrigin(provider.GetRequiredService<DoorbusterOptions>().Cors));
        services.AddSingleton<Premises>();
        services.AddMetrics();
        services.AddSingleton<Instruments>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(RandomSource.System);
        services.TryAddSingleton(OpenerOf);
        services.AddHostedService<ShopService>();
        services.AddHostedService<RequestLogGuard>();
        return services;
    }

    private static StoreOpener OpenerOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<DoorbusterOptions>();
        var clock = provider.GetRequiredService<TimeProvider>();
        return options.Gate == GateKind.Redis
            ? cancellationToken => SharedOpener.OpenAsync(
                options, clock, provider.GetRequiredService<ILoggerFactory>(), cancellationToken)
            : options.Gate == GateKind.Database
            ? cancellationToken => StoreGateOpener.OpenAsync(
                options, clock, provider.GetRequiredService<RandomSource>(),
                provider.GetRequiredService<ILoggerFactory>(), cancellationToken)
            : options.Store == StoreKind.Postgres
            ? cancellationToken => OpenPostgresAsync(
                options.Postgres, clock, provider.GetRequiredService<ILogger<PostgresStore>>(), cancellationToken)
            : cancellationToken => OpenSqliteAsync(
                options.Sqlite, clock, provider.GetRequiredService<ILogger<SqliteStore>>(), cancellationToken);
    }

    private static async ValueTask<OpenStore> OpenPostgresAsync(
        PostgresOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var store = await PostgresStore.OpenAsync(options, clock, logger, cancellationToken);
        return new OpenStore(store, store, store, store)
        {
            Lanes = options.Lanes,
            Epochs = store,
            Check = _ => Task.FromResult<IReadOnlyList<string>>(store.Fault is { } fault ? [fault] : []),
        };
    }

    private static async ValueTask<OpenStore> OpenSqliteAsync(
        SqliteOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var store = await SqliteStore.OpenAsync(options, clock, logger, cancellationToken);
        return new OpenStore(store, store, store, store) { Epochs = store };
    }
}
