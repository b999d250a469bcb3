using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// Takes purchase tokens out of addresses before ASP.NET Core writes them to the log, which it does before any
/// middleware runs. Before that it begins the request's activity, and tells of it by a diagnostic event; that is where
/// this comes in. While nobody logs addresses it costs a look at a subscription.
/// </summary>
internal sealed class RequestLogGuard(DiagnosticListener server, ILoggerFactory loggers)
    : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string Event = $"{Request}.Start";
    private const string LogOfAddresses = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private readonly ILogger _addresses = loggers.CreateLogger(LogOfAddresses);
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = server.Subscribe(
            this, name => (name is Request or Event) && _addresses.IsEnabled(LogLevel.Information));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: Event, Value: HttpContext context })
        {
            PurchaseTokenQuery.Hide(context.Request);
        }
    }

    public void OnCompleted() => _subscription?.Dispose();

    public void OnError(Exception error)
    {
        // Nothing that is diagnosed here fails.
    }
}
