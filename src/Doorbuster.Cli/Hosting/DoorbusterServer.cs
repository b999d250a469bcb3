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
    private bool _hasStopped;

    private DoorbusterServer(WebApplication app) => _app = app;

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
        WebApplication? app = null;
        try
        {
            app = Build(options, quietest);
            await app.StartAsync(cancellationToken);
            return new DoorbusterServer(app);
        }
        catch (Exception failure)
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
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

        await _app.DisposeAsync();
    }

    private static WebApplication Build(IReadOnlyDictionary<string, string?> options, LogLevel quietest)
    {
        var builder = ServerSettings.CreateBuilder(options);
        ChooseAddress(builder, isGiven: options.ContainsKey(WebHostDefaults.ServerUrlsKey));
        ServerLogging.Configure(builder, quietest);
        var limits = KestrelLimitsReader.Read(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            KestrelLimitsReader.Apply(limits, kestrel.Limits);
        });
        builder.Services.AddDoorbuster();
        var app = builder.Build();
        KestrelLimitsReader.Check(limits, app.Services.GetRequiredService<DoorbusterOptions>().Limits);
        app.MapDoorbuster();
        app.UseDoorbusterNotFound();
        app.UseDoorbusterServerRefusals();
        return app;
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
