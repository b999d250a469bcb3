using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Payments;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// Runs the engine with the host: the store is opened and every gate with it before the server listens, the doors open
/// once it listens where it may, and the lanes stop after the server has answered its last request.
/// </summary>
/// <remarks>
/// The order holds however the host registered its services: everything is opened in <see cref="StartAsync"/>, shown
/// to requests in <see cref="StartedAsync"/>, and closed in <see cref="StoppedAsync"/>, which comes after every service
/// has stopped, the web server among them. Whoever hangs, the disk mostly, holds this up for no longer than the host
/// waits for its services: what cannot be ended is left behind, and the store with it, for the process ends then and
/// the system frees its lock. Tests: <c>ShopServiceTests</c>, <c>F18_*</c>.
/// </remarks>
internal sealed partial class ShopService(
    DoorbusterOptions options,
    StoreOpener openStore,
    Premises premises,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    // What it takes to end once told so, where nothing hangs.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // What it takes to send the answers to those who have waited for as long as the host does, at most.
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(2);

    // The time between two looks at the servers behind this one.
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger<ShopService>();
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();
    private readonly CancellationTokenSource _abandon = new();
    private readonly CancellationTokenSource _ended = new();
    private ServerKeys? _keys;
    private Till? _till;
    private OpenStore? _store;
    private Shop? _shop;
    private Task _running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Opens the store and the gates, and lets the loops run. Where the server is known to listen where its keys do
    /// not suffice, nothing is opened: a start that comes to nothing must not take the store over from anyone.
    /// </summary>
    /// <exception cref="InvalidSettingsException">It is.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var random = services.GetRequiredService<RandomSource>();
        var began = _clock.GetTimestamp();
        var host = services.GetService<HostIdentity>();
        _keys = ServerKeys.Load(options, random, hasHost: host is not null);
        if (_keys.SelfMade)
        {
            Log.OwnSigningKey(_logger, Path.GetFullPath(options.DataDirectory));
        }

        _till = Till.Open(options, _keys, services.GetService<IPaymentProvider>(), _clock, random, loggers);
        JudgeAddresses(PlannedAddresses.Of(services));
        _store = await openStore(cancellationToken);
        _shop = new Shop(
            options, _store, _keys, host, _till, _clock, random, loggers, services.GetRequiredService<Instruments>());
        _shop.Node.SaleLost += LoseSale;
        _shop.Node.SaleFilled += sale => Log.SaleFilled(_logger, sale);
        _shop.Node.AllFilled += () => Log.AllFilled(_logger);
        _shop.Node.Announce(
            _shop.Nodes, _store.Node ?? Guid.NewGuid().ToString("N"),
            $"{Environment.MachineName}/{Environment.ProcessId}", () => premises.NotReady);
        _shop.Node.Settlement.Failed += (payment, fault) => Log.RefundFailed(_logger, payment.Id, fault.Message);
        _shop.Node.Orders.Refused += (command, fault) => Log.BadCommand(_logger, command, fault);
        await _shop.Office.OpenAllAsync(cancellationToken);
        if (_store.Check is { } check)
        {
            _ = CheckAsync(check, await OpenGatesAsync(check, cancellationToken));
        }

        if (_store.Lost is { } lost)
        {
            _ = StopOnceAsync(lost);
        }

        Log.GatesOpen(_logger, _shop.Catalog.Count, _clock.GetElapsedTime(began).TotalSeconds);
        _running = Task.Run(() => RunAsync(_shop.Node.RunAsync(_abandon.Token)), CancellationToken.None);
    }

    /// <summary>
    /// Opens the doors, unless the server listens where its keys do not suffice: what it has bound is the last word.
    /// </summary>
    /// <exception cref="InvalidSettingsException">It does.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        JudgeAddresses(addresses);
        premises.Open(options.Roles == RoleKind.Worker ? null : _shop);
        OpenSandbox(addresses);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        premises.TurnAway("The server is stopping.");

        // The web server waits for its open connections, and watchers never leave by themselves.
        _shop?.Drain();
        Log.Draining(_logger, _shop?.Node.Lanes.Depth ?? 0);
        _ = GiveUpLaterAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Answers what still waits, then closes the store.</summary>
    /// <param name="cancellationToken">The time that the host gives is over: what hangs is left behind.</param>
    /// <exception cref="InvalidOperationException">A lane had stopped by a fault, or hangs.</exception>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _ended.CancelAsync();
        _shop?.Node.Complete();
        premises.Close();
        await using var registration = cancellationToken.Register(Abandon);

        // The host passes these on, so that the process ends with a code that says so.
        if (!await HasEndedAsync(_running, cancellationToken))
        {
            Log.LaneHangs(_logger);
            throw new InvalidOperationException("A lane hangs; what it had at the store may stand or not.");
        }

        if (!await HasEndedAsync(CloseAsync(), cancellationToken))
        {
            Log.StoreHangs(_logger);
            throw new InvalidOperationException("The order store did not close; a restart reads what is on disk.");
        }

        if (_running.Exception?.InnerException is { } fault)
        {
            throw new InvalidOperationException("A lane stopped by a fault.", fault);
        }
    }

    /// <summary>Closes what a start that failed had opened.</summary>
    public async ValueTask DisposeAsync()
    {
        _shop?.Node.Complete();
        await _abandon.CancelAsync();
        if (await HasEndedAsync(_running, _abandon.Token))
        {
            await HasEndedAsync(CloseAsync(), _abandon.Token);
        }

        _till?.Dispose();
        _abandon.Dispose();
        await _ended.CancelAsync();
        _ended.Dispose();
    }

    private void JudgeAddresses(IEnumerable<string> addresses)
    {
        if (LoopbackRule.Violation(addresses, [.. _keys!.Missing, .. _till!.Missing]) is { } violation)
        {
            throw new InvalidSettingsException(violation);
        }
    }

    /// <summary>
    /// Answers those whose lane hangs shortly before the host's time is over: the web server would cut their
    /// connections then, and they would not know that their orders may stand.
    /// </summary>
    private async Task GiveUpLaterAsync()
    {
        var options = services.GetService<IOptions<HostOptions>>()?.Value ?? new HostOptions();
        var time = options.ShutdownTimeout;
        var margin = time / 4 < TimeToAnswer ? time / 4 : TimeToAnswer;
        var wait = Task.Delay(time - margin, _clock, _ended.Token);
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (wait.IsCompletedSuccessfully)
        {
            Log.GivingUp(_logger);
            _shop?.Node.GiveUp();
        }
    }

    /// <summary>Waits for an end until the time is over, and then for what ends because it was told so.</summary>
    /// <returns>Whether it has ended, in whatever way.</returns>
    private async Task<bool> HasEndedAsync(Task task, CancellationToken timeIsOver)
    {
        await task.WaitAsync(timeIsOver).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!task.IsCompleted)
        {
            var told = task.WaitAsync(Grace, _clock, CancellationToken.None);
            await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return task.IsCompleted;
    }

    /// <summary>Sees to it that loops which stop by themselves are noticed, and the host with them.</summary>
    private async Task RunAsync(Task loops)
    {
        try
        {
            await loops;
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // The time to drain was over; those who waited were told.
        }
        catch (Exception fault)
        {
            premises.TurnAway("A lane stopped by a fault.");
            Log.LaneFault(_logger, fault);
            lifetime.StopApplication();
            throw;
        }
    }

    private async Task CloseAsync()
    {
        premises.Close();
        if (Interlocked.Exchange(ref _store, null) is { } store)
        {
            await store.Owner.DisposeAsync();
            Log.Closed(_logger);
        }
    }

    /// <summary>
    /// Looks at the servers behind this one, and sees to it that every gate stands: buyers are sent here after that.
    /// </summary>
    /// <returns>Whether they do.</returns>
    private async Task<bool> OpenGatesAsync(
        Func<CancellationToken, Task<IReadOnlyList<string>>> check, CancellationToken cancellationToken)
    {
        var faults = await check(cancellationToken);
        var allStand = faults.Count == 0
            && (_shop!.Node.Rebuilder is not { } rebuilder
                || (await rebuilder.MendAllAsync(cancellationToken)).AllStand);
        premises.Hinder(allStand ? faults : [.. faults, "Not every gate is open yet."]);
        return allStand;
    }

    /// <summary>Looks at the servers behind this one for as long as anybody is served.</summary>
    private async Task CheckAsync(Func<CancellationToken, Task<IReadOnlyList<string>>> check, bool areGatesOpen)
    {
        while (!_ended.IsCancellationRequested)
        {
            await Task.Delay(BetweenChecks, _clock, _ended.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var before = premises.NotReady.Count;
            if (areGatesOpen)
            {
                premises.Hinder(await check(CancellationToken.None));
            }
            else
            {
                areGatesOpen = await OpenGatesAsync(check, CancellationToken.None);
            }

            if (before != premises.NotReady.Count)
            {
                Log.Readiness(_logger, string.Join(' ', premises.NotReady.DefaultIfEmpty("Everything is ready.")));
            }
        }
    }

    /// <summary>The sandbox reports by HTTP to this very server, so it opens last.</summary>
    private void OpenSandbox(ICollection<string> addresses)
    {
        if (_till!.Sandbox is not { } sandbox)
        {
            return;
        }

        if ((options.Payments.Sandbox.Url?.TrimEnd('/') ?? OwnAddress.Of(addresses)) is { } address)
        {
            sandbox.Open(address + premises.Root);
            Log.SandboxOpen(_logger, address + premises.Root);
        }
    }

    private void Abandon()
    {
        Log.DrainTimedOut(_logger, _shop?.Node.Lanes.Depth ?? 0);
        _abandon.Cancel();
    }

    /// <summary>A store that another process owns is not ours to share any more: nothing is sold here (F18).</summary>
    private async Task StopOnceAsync(Task lost)
    {
        await lost;
        premises.TurnAway("Another process has become the owner of the order store.");
        Log.StoreTaken(_logger);
        lifetime.StopApplication();
    }

    private void LoseSale(SaleId sale)
    {
        premises.LoseSale(sale);
        _shop?.Drain();
        Log.OwnershipLost(_logger, sale);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.GatesOpen, LogLevel.Information, "The gates of {Sales} sales are open, after {Seconds:F3} s.")]
        public static partial void GatesOpen(ILogger logger, int sales, double seconds);

        [LoggerMessage(EventIds.Draining, LogLevel.Information, "Stopping; {Waiting} claims wait for their answer.")]
        public static partial void Draining(ILogger logger, int waiting);

        [LoggerMessage(EventIds.Readiness, LogLevel.Information, "{What}")]
        public static partial void Readiness(ILogger logger, string what);

        [LoggerMessage(EventIds.Closed, LogLevel.Information, "The order store is closed.")]
        public static partial void Closed(ILogger logger);

        [LoggerMessage(EventIds.LaneFault, LogLevel.Critical, "A lane stopped by a fault; the server stops.")]
        public static partial void LaneFault(ILogger logger, Exception fault);

        [LoggerMessage(
            EventIds.OwnershipLost, LogLevel.Critical,
            "Another process changed sale {Sale} in the store; it is closed here until a restart.")]
        public static partial void OwnershipLost(ILogger logger, SaleId sale);

        [LoggerMessage(
            EventIds.SaleFilled, LogLevel.Error,
            "Sale {Sale} has as many orders as Doorbuster:Limits:OrdersPerSale allows; its claims are answered busy "
            + "until a start with a higher limit.")]
        public static partial void SaleFilled(ILogger logger, SaleId sale);

        [LoggerMessage(
            EventIds.AllFilled, LogLevel.Error,
            "All sales together have as many orders as Doorbuster:Limits:OrdersOfAllSales allows; every claim is "
            + "answered busy until a start with a higher limit.")]
        public static partial void AllFilled(ILogger logger);

        [LoggerMessage(
            EventIds.StoreTaken, LogLevel.Critical,
            "Another process has become the owner of the order store, while this node could not reach it; this node "
            + "stops.")]
        public static partial void StoreTaken(ILogger logger);

        [LoggerMessage(
            EventIds.SandboxOpen, LogLevel.Information,
            "Payments are a sandbox at {Address}/sandbox; no money moves. Doorbuster:Payments:Provider names another.")]
        public static partial void SandboxOpen(ILogger logger, string address);

        [LoggerMessage(
            EventIds.RefundFailed, LogLevel.Warning,
            "The money of payment {Payment} could not be given back, and is tried again: {Reason}")]
        public static partial void RefundFailed(ILogger logger, PaymentId payment, string reason);

        [LoggerMessage(
            EventIds.BadCommand, LogLevel.Error,
            "The order store's constraints refuse {Command}; the rest of its batch is written. Audit the sale.")]
        public static partial void BadCommand(ILogger logger, OrderCommand command, Exception fault);

        [LoggerMessage(
            EventIds.DrainTimedOut, LogLevel.Warning, "The time to drain is over; {Waiting} claims are told so.")]
        public static partial void DrainTimedOut(ILogger logger, int waiting);

        [LoggerMessage(
            EventIds.GivingUp, LogLevel.Warning,
            "The time to drain is nearly over; who still waits is told that the outcome is not known.")]
        public static partial void GivingUp(ILogger logger);

        [LoggerMessage(
            EventIds.LaneHangs, LogLevel.Critical,
            "A lane hangs, at the disk perhaps; it is left behind. What it had at the store may stand or not.")]
        public static partial void LaneHangs(ILogger logger);

        [LoggerMessage(EventIds.StoreHangs, LogLevel.Critical, "The order store did not close in time.")]
        public static partial void StoreHangs(ILogger logger);

        [LoggerMessage(
            EventIds.OwnSigningKey, LogLevel.Information,
            "No Doorbuster:Identity:Authority or SigningKey is set: tokens are signed with a key of our own, on "
            + "loopback alone. `doorbuster token --operator --data {Directory}` makes one.")]
        public static partial void OwnSigningKey(ILogger logger, string directory);
    }
}
