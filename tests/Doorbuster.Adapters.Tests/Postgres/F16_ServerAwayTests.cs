using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>F16: a server that is away at start is waited for, and one that goes away later is told of.</summary>
public sealed class F16_ServerAwayTests(PostgresProcess process) : IClassFixture<PostgresProcess>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F16_A_start_waits_for_a_server_that_comes_and_says_for_what()
    {
        var server = process.Server;
        var schema = await PostgresSchema.MakeAsync(server);
        await server.StopAsync();
        var log = new Collected();
        var clock = new VirtualTimeProvider(Samples.Noon);

        var opening = PostgresStore.OpenAsync(schema.Options, clock, log, Cancel);
        await Waiting.UntilAsync("it is waited for", () => log.Lines.Count > 0 || opening.IsCompleted);
        Assert.Contains($":{server.Port}", Assert.Single(log.Lines), StringComparison.Ordinal);
        await server.StartAsync();

        await Waiting.UntilAsync("it is open", () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            return opening.IsCompleted;
        });
        await using var store = await opening;
        Assert.Null(store.Fault);
        Assert.Single(log.Lines);
    }

    [Fact]
    public async Task F16_A_start_gives_up_when_its_time_is_over_and_names_the_setting()
    {
        var options = new PostgresOptions
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody",
            WaitAtStart = TimeSpan.FromSeconds(20),
        };
        var clock = new VirtualTimeProvider(Samples.Noon);
        var opening = PostgresStore.OpenSharedAsync(options, clock, new Collected(), Cancel);

        await Waiting.UntilAsync("it has given up", () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return opening.IsCompleted;
        });

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => opening);
        Assert.Contains("127.0.0.1:1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Doorbuster:Postgres:WaitAtStart", refusal.Message, StringComparison.Ordinal);
        Assert.True(clock.GetUtcNow() >= Samples.Noon + options.WaitAtStart);
    }

    [Fact]
    public async Task A_server_that_refuses_is_waited_for_by_nobody()
    {
        var server = process.Server;
        var options = new PostgresOptions { ConnectionString = $"{server.ConnectionString};Database=nothing_here" };
        var log = new Collected();

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => PostgresStore.OpenAsync(options, new VirtualTimeProvider(Samples.Noon), log, Cancel));

        Assert.Empty(log.Lines);
    }

    /// <summary>As when passwords are known by a service that is away, or an operator has closed the door.</summary>
    [Fact]
    public async Task F16_A_server_that_lets_nobody_in_for_a_while_is_one_that_is_away()
    {
        var server = process.Server;
        var schema = await PostgresSchema.MakeAsync(server);
        await server.QueryAsync("CREATE ROLE shop SUPERUSER LOGIN");
        await using var store = await schema.OpenAsync(
            schema.Options with { ConnectionString = $"{server.ConnectionString};Username=shop" });
        var sale = Samples.Sale();
        Assert.NotNull(await store.CreateAsync(sale, Cancel));
        var admissions = Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna"));

        await server.QueryAsync("ALTER ROLE shop NOLOGIN");
        await server.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'");
        await Waiting.UntilAsync("it is told of", () => store.Fault is not null);
        Assert.Equal(CommitStatus.Failed, (await store.CommitAsync([admissions], Cancel)).Status);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.FindAsync(sale.Id, Cancel));

        await server.QueryAsync("ALTER ROLE shop LOGIN");
        await Waiting.UntilAsync("the lock is ours again", () => store.Fault is null);
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([admissions], Cancel)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F16_A_server_that_goes_away_is_told_of_until_it_is_back(bool isShared)
    {
        var server = process.Server;
        var schema = await PostgresSchema.MakeAsync(server);
        await using var store = isShared
            ? await PostgresStore.OpenSharedAsync(schema.Options, TimeProvider.System, new Collected(), Cancel)
            : await schema.OpenAsync();
        Assert.Null(store.Fault);

        await server.StopAsync();
        await Waiting.UntilAsync("it is told of", () => store.Fault is not null);
        Assert.Contains($"{server.Port}", store.Fault, StringComparison.Ordinal);
        await server.StartAsync();

        await Waiting.UntilAsync("nothing is amiss", () => store.Fault is null);
        Assert.False(store.Lost.IsCompleted);
    }

    [Fact]
    public async Task F16_A_server_that_takes_a_question_and_answers_nothing_is_told_of_within_a_statements_time()
    {
        var server = process.Server;
        await using var wire = FaultProxy.Start(server.Port);
        var schema = await PostgresSchema.MakeAsync(server);
        var options = schema.Options with
        {
            ConnectionString = PostgresServer.ConnectionStringAt(wire.Port),
            CommandTimeout = TimeSpan.FromSeconds(1),
        };
        await using var store = await PostgresStore.OpenSharedAsync(
            options, TimeProvider.System, new Collected(), Cancel);

        var pulse = wire.NextPulse(WireFault.Silence);
        await Waiting.UntilAsync("it is told of", () => store.Fault is not null);
        Assert.True(pulse.Happened.IsCompleted);

        await Waiting.UntilAsync("another session has the lock", () => store.Fault is null);
        pulse.Release();
        Assert.False(store.Lost.IsCompleted);
    }

    private sealed class Collected : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }
    }
}
