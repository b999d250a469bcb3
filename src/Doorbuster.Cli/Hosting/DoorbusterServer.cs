using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Cli.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Doorbuster.Cli.Hosting;

/// <summary>A running server: what <c>serve</c> is, and what <c>demo</c> embeds.</summary>
internal sealed class DoorbusterServer : IAsyncDisposable
{
    /// <summary>Where it listens when nothing says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    private readonly WebApplication _app;
    private readonly CollectorExport? _export;
    private bool _hasStopped;

    private DoorbusterServer(WebApplication app, CollectorExport? export)
    {
        _app = app;
        _export = export;
    }

    /// <summary>The addresses it listens on.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.Select(address => new Uri(ServerAddress.Callable(address)))];

    /// <summary>The settings it runs with.</summary>
    public DoorbusterOptions Options => _app.Services.GetRequiredService<DoorbusterOptions>();

    /// <summary>Starts a server, and returns once it listens.</summary>
    /// <param name="options">
    /// What the command line says, by the names of settings; it wins over the environment, which wins over
    /// <c>appsettings.json</c>.
    /// </param>
    /// <param name="quietest">The least level of what is logged, unless the settings say otherwise.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="CommandException">It did not start, for a reason that the operator can mend.</exception>
    public static async Task<DoorbusterServer> StartAsync(
        IReadOnlyDictionary<string, string?> options, LogLevel quietest, CancellationToken cancellationToken)
    {
        DoorbusterServer? server = null;
        try
        {
            server = Build(options, quietest);
            await server._app.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception failure)
        {
            await (server?.CloseAsync() ?? ValueTask.CompletedTask);
            if (StartFailure.IsMendable(failure))
            {
                throw CommandException.Failed($"The server did not start. {failure.Message}", failure);
            }

            throw;
        }
    }

    /// <summary>Serves until it is told to stop; then it answers what it has accepted, and returns.</summary>
    /// <exception cref="CommandException">It stopped by itself, because it could not go on.</exception>
    public async Task ServeUntilAsync(CancellationToken stop)
    {
        await using var registration = stop.Register(_app.Lifetime.StopApplication);
        _hasStopped = true;
        try
        {
            await _app.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is InvalidOperationException or AggregateException)
        {
            throw CommandException.Failed($"The server stopped. {fault.Message}", fault);
        }

        if (!stop.IsCancellationRequested)
        {
            throw CommandException.Failed("The server stopped by itself; its log says why.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_hasStopped)
        {
            await _app.StopAsync();
        }

        await CloseAsync();
    }

    /// <summary>The collector is told of the end before the log is closed.</summary>
    private async ValueTask CloseAsync()
    {
        await (_export?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _app.DisposeAsync();
    }

    private static DoorbusterServer Build(IReadOnlyDictionary<string, string?> options, LogLevel quietest)
    {
        var builder = ServerSettings.CreateBuilder(options);
        ChooseAddress(builder, isGiven: options.ContainsKey(WebHostDefaults.ServerUrlsKey));
        ServerLogging.Configure(builder, quietest);
        var collector = CollectorExport.AddTo(builder);
        var limits = KestrelLimitsReader.Read(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            KestrelLimitsReader.Apply(limits, kestrel.Limits);
        });
        builder.Services.AddDoorbuster();
        var app = builder.Build();
        KestrelLimitsReader.Check(limits, app.Services.GetRequiredService<DoorbusterOptions>().Limits);
        if (collector is not null)
        {
            app.UseRequestSpans();
        }

        app.MapDoorbuster();
        app.UseDoorbusterNotFound();
        app.UseDoorbusterServerRefusals();
        return new DoorbusterServer(app, collector is null ? null : CollectorExport.Begin(app, collector));
    }

    private static void ChooseAddress(WebApplicationBuilder builder, bool isGiven)
    {
        string[] places = [WebHostDefaults.ServerUrlsKey, "http_ports", "https_ports", "Kestrel:Endpoints"];
        if (isGiven)
        {
            builder.WebHost.PreferHostingUrls(true);
        }
        else if (!Array.Exists(places, place => builder.Configuration.GetSection(place).Exists()))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }
}
