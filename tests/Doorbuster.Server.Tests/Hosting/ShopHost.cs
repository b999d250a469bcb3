using System.Collections.Concurrent;
using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Server.Tests.Hosting;

/// <summary>
/// A host of the engine over a store in memory, with a clock that tests turn and one sale that is open. It starts and
/// stops the service as a host does, and serves no HTTP.
/// </summary>
internal sealed class ShopHost : IHostApplicationLifetime, IAsyncDisposable
{
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closeBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Collected _log = new();
    private readonly ServiceProvider _services;
    private int _looks;

    public ShopHost()
    {
        Ledger = new FaultyLedger(Store);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(RandomSource.System)
            .AddLogging(logging => logging.AddProvider(_log))
            .AddMetrics()
            .AddSingleton<Instruments>()
            .BuildServiceProvider();
        var options = new DoorbusterOptions
        {
            Identity = new() { SigningKey = "a key of the tests that need a server's own" },
        };
        Service = new ShopService(
            options, OpenAsync, Premises, _services, this, _services.GetRequiredService<ILoggerFactory>());
    }

    public VirtualTimeProvider Clock { get; } = new(Samples.Noon);

    public InMemoryStore Store { get; } = new();

    public FaultyLedger Ledger { get; }

    public Sale Sale { get; } = Samples.Sale(quantity: 5);

    public Premises Premises { get; } = new();

    public ShopService Service { get; }

    /// <summary>What is amiss with the servers behind this one; nobody looks where null.</summary>
    public IReadOnlyList<string>? Faults { get; set; }

    /// <summary>How often somebody has looked.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>Ends once another process owns the store.</summary>
    public TaskCompletionSource Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often the store was closed.</summary>
    public int Closings { get; private set; }

    /// <summary>Completes once the store is asked to close.</summary>
    public Task CloseBegan => _closeBegan.Task;

    /// <summary>What closing the store waits for.</summary>
    public Task MayClose { get; set; } = Task.CompletedTask;

    /// <summary>Completes once the service asks the host to stop.</summary>
    public Task StopAsked => _stopAsked.Task;

    /// <summary>The names of what was logged.</summary>
    public IReadOnlyCollection<string> Logged => _log.Names;

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => default;

    public CancellationToken ApplicationStopped => default;

    /// <summary>Starts the service, with one sale in its store.</summary>
    public async Task StartAsync()
    {
        await Store.CreateAsync(Sale, default);
        await Service.StartingAsync(default);
        await Service.StartAsync(default);
        await Service.StartedAsync(default);
    }

    /// <summary>Stops the service as a host does whose requests have all ended.</summary>
    /// <param name="timeIsOver">Is cancelled when the host waits no longer.</param>
    public async Task StopAsync(CancellationToken timeIsOver)
    {
        await Service.StoppingAsync(timeIsOver);
        await Service.StopAsync(timeIsOver);
        await Service.StoppedAsync(timeIsOver);
    }

    /// <summary>Claims a unit.</summary>
    public Task<ClaimAnswer> ClaimAsync(string buyer)
    {
        var shop = Premises.Shop!;
        shop.Catalog.TryFind(Sale.Id.ToString(), out var listing);
        return shop.Desk.ClaimAsync(listing!, BuyerId.Parse(buyer), "key", 1, default).AsTask();
    }

    /// <summary>Turns the clock until something has ended that waits for nothing else.</summary>
    public async Task TurnUntilAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    public void StopApplication() => _stopAsked.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await _services.DisposeAsync();
    }

    private ValueTask<OpenStore> OpenAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new OpenStore(Ledger, Store, Store, new Closing(this))
        {
            Check = Faults is null ? null : _ => LookAsync(),
            Lost = Lost.Task,
        });

    private Task<IReadOnlyList<string>> LookAsync()
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult(Faults!);
    }

    private sealed class Closing(ShopHost host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            host._closeBegan.SetResult();
            await host.MayClose;
            host.Closings++;
        }
    }

    private sealed class Collected : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _names = new();

        public IReadOnlyCollection<string> Names => _names;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => _names.Enqueue(eventId.Name ?? "");

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
