using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorbuster.EndToEnd.Tests.Embedding;

/// <summary>A program of someone else that hosts Doorbuster, in this process.</summary>
internal sealed class HostProgram : IAsyncDisposable
{
    /// <summary>Where its Doorbuster is.</summary>
    public const string Prefix = "/flash";

    private readonly DataDirectory _data = new();
    private readonly WebApplication _app;

    private HostProgram(WebApplication app, Uri address, DataDirectory data)
    {
        (_app, _data) = (app, data);
        Api = new Api(address, Prefix);
    }

    public Api Api { get; }

    /// <summary>Starts one.</summary>
    /// <param name="identity">Its sign-in, if it has one.</param>
    /// <param name="settings">Settings of Doorbuster's.</param>
    /// <param name="before">What it does with requests before Doorbuster has them.</param>
    /// <param name="configure">Services of its own.</param>
    public static async Task<HostProgram> StartAsync(
        HostIdentity? identity,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<WebApplication>? before = null,
        Action<IServiceCollection>? configure = null)
    {
        var data = new DataDirectory();
        var address = Loopback.Address(Loopback.NextPort());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        builder.Configuration["Doorbuster:DataDirectory"] = data.Path;
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            builder.Configuration[name] = value;
        }

        configure?.Invoke(builder.Services);
        builder.Services.AddDoorbuster(identity);
        var app = builder.Build();
        before?.Invoke(app);
        app.MapDoorbuster(Prefix);
        app.MapGet("/own", () => "the host's own");
        try
        {
            await app.StartAsync();
            return new HostProgram(app, address, data);
        }
        catch
        {
            await app.DisposeAsync();
            data.Dispose();
            throw;
        }
    }

    /// <summary>A sign-in that believes a header, as only a test may.</summary>
    public static HostIdentity BelievingHeaders { get; } = new(context => new(Read(context.Request.Headers)));

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private static SignedIn? Read(IHeaderDictionary headers) =>
        headers["X-User"] is [{ } user] ? new SignedIn(user, user == "owner") : null;
}
