using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;

namespace Doorbuster.Cli.Hosting;

/// <summary>Where a server's log goes: to standard error, a line an entry, for standard output holds figures.</summary>
internal static class ServerLogging
{
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Sets a server's log up.</summary>
    /// <param name="builder">The server's.</param>
    /// <param name="quietest">The least level that is logged; <c>Logging:LogLevel</c> in the settings wins.</param>
    public static void Configure(WebApplicationBuilder builder, LogLevel quietest)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        // The verbs themselves say where the server is, and why it did not start.
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        if (!builder.Configuration.GetSection("Logging:LogLevel").Exists())
        {
            builder.Logging.SetMinimumLevel(quietest);
            builder.Logging.AddFilter("Microsoft", quietest > LogLevel.Warning ? quietest : LogLevel.Warning);
        }

        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // It writes every address as it came, and that of a watcher may carry a purchase token.
        builder.Logging.AddFilter(Requests, LogLevel.Warning);
        builder.Logging.AddFilter<ConsoleLoggerProvider>(Requests, LogLevel.Warning);
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(Requests, LogLevel.Warning);
    }
}
