using Doorbuster.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Doorbuster.Cli.Hosting;

/// <summary>
/// Sends traces, metrics and logs to the collector that <see cref="CollectorSettings"/> finds. Everything waits in
/// bounded queues and is sent by threads of the SDK, so that a collector which is slow or gone holds no claim up: what
/// has no room is dropped. At the end it is given a bounded time to take what is left.
/// </summary>
internal sealed partial class CollectorExport : IAsyncDisposable
{
    /// <summary>The longest that the end of the server waits for the collector.</summary>
    public static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(3);

    private static readonly string[] Meters =
    [
        Instruments.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    private static readonly string[] Sources = [Spans.SourceName, "Microsoft.AspNetCore", "System.Net.Http"];

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;
    private readonly MeterProvider _units;
    private readonly LoggerProvider? _logs;

    private CollectorExport(IConfiguration configuration, LoggerProvider? logs)
    {
        _logs = logs;
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddSource(Sources)
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddMeter(Meters)
            .AddView(instrument => Instruments.IsOfSale(instrument.Name) ? MetricStreamConfiguration.Drop : null)
            .AddOtlpExporter()
            .Build();

        // Cumulative, the SDK would show a closed sale's last units for ever; gauges have no temporality themselves.
        _units = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddMeter(Instruments.MeterName)
            .AddView(instrument => Instruments.IsOfSale(instrument.Name) ? null : MetricStreamConfiguration.Drop)
            .AddOtlpExporter((_, reader) => reader.TemporalityPreference = MetricReaderTemporalityPreference.Delta)
            .Build();
    }

    /// <summary>Has a server's log sent too, where a collector is named; before the server is built.</summary>
    /// <returns>The collector's address; null where none is named.</returns>
    public static Uri? AddTo(WebApplicationBuilder builder)
    {
        if (CollectorSettings.Find(builder.Configuration) is not { } collector)
        {
            return null;
        }

        // So that a span of a request says which route it was, and how it was answered.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter();
        });
        return collector;
    }

    /// <summary>Begins to send what a server that is built traces and measures.</summary>
    public static CollectorExport Begin(WebApplication app, Uri collector)
    {
        var export = new CollectorExport(app.Configuration, app.Services.GetService<LoggerProvider>());
        Log.Exporting(app.Services.GetRequiredService<ILogger<CollectorExport>>(), collector);
        return export;
    }

    /// <summary>Sends what is left, all of it side by side, and gives up when the time is over.</summary>
    public async ValueTask DisposeAsync()
    {
        var most = (int)LongestFlush.TotalMilliseconds;
        var flushing = Task.WhenAll(
            Task.Run(() => _traces.Shutdown(most)),
            Task.Run(() => _metrics.Shutdown(most)),
            Task.Run(() => _units.Shutdown(most)),
            Task.Run(() => _logs?.Shutdown(most)));
        await flushing.WaitAsync(LongestFlush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (flushing.IsCompleted)
        {
            _traces.Dispose();
            _metrics.Dispose();
            _units.Dispose();
        }
    }

    /// <summary>Who sends it: <c>doorbuster</c>, unless OpenTelemetry's variables say otherwise.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("doorbuster", serviceVersion: typeof(Instruments).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.Exporting, LogLevel.Information,
            "Traces, metrics and logs are sent to the collector {Collector}.")]
        public static partial void Exporting(ILogger logger, Uri collector);
    }
}
