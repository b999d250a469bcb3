using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// F08: a server that waits for a synchronous standby has the transaction on its own disk, and not where it would be
/// after a failover. Nobody is told of it before the standby has it, however long that takes (I4).
/// </summary>
public sealed class F08_SilentStandbyTests(PostgresProcess process) : IClassFixture<PostgresProcess>, IAsyncLifetime
{
    private const int Writers = 3;
    private const string Probe = "SELECT pg_logical_emit_message(true, 'probe', '')";
    private const string NoProbe = "query NOT LIKE '%''probe''%'";
    private const string ProbesThatWait =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE '%''probe''%'";

    private readonly Sale _sale = Samples.Sale(quantity: 9, limit: 9);
    private PostgresSchema? _schema;
    private PostgresStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PostgresStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(process.Server);
        _store = await _schema.OpenAsync(_schema.Options with
        {
            CommandTimeout = TimeSpan.FromMilliseconds(400),
            Writers = Writers,
        });
        Assert.NotNull(await Store.CreateAsync(_sale, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await StandbyAsync(isSilent: false);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task F08_A_commit_that_its_standby_has_not_is_neither_told_nor_seen()
    {
        var admissions = Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"));
        await StandbyAsync(isSilent: true);

        Assert.Equal(CommitStatus.Unknown, await CommitAsync(admissions));
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(await Store.ReadBackAsync(admissions, Cancel));
            Assert.Empty(await StandAsync([admissions]));
        }

        await StandbyAsync(isSilent: false);
        await Waiting.UntilAsync(
            "the commit was found", async () => await Store.ReadBackAsync(admissions, Cancel) is { Count: 1 });
        Assert.Single(await StandAsync([admissions]));
    }

    /// <summary>Some are left and replaced, and as many more are left in their places: none is given up.</summary>
    [Fact]
    public async Task F08_However_many_commits_wait_for_a_standby_none_is_cancelled()
    {
        var admissions = new List<Admissions>();
        for (var i = 0; i <= 2 * Writers; i++)
        {
            var sale = Samples.Sale($"many-{i}", quantity: 1);
            Assert.NotNull(await Store.CreateAsync(sale, Cancel));
            admissions.Add(Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna")));
        }

        await StandbyAsync(isSilent: true);
        CommitStatus[] replaced = await Task.WhenAll(admissions.Take(Writers).Select(CommitAsync));
        CommitStatus[] left = await Task.WhenAll(admissions.Skip(Writers).Take(Writers).Select(CommitAsync));

        Assert.All(replaced.Concat(left), status => Assert.Equal(CommitStatus.Unknown, status));
        Assert.Equal(CommitStatus.Failed, await CommitAsync(admissions[^1]));
        Assert.Empty(await StandAsync(admissions));

        await StandbyAsync(isSilent: false);
        foreach (var one in admissions)
        {
            await Waiting.UntilAsync(
                "it was known what stands", async () => await Store.ReadBackAsync(one, Cancel) is not null);
        }

        Assert.Equal(2 * Writers, (await StandAsync(admissions)).Count);
        Assert.Equal(CommitStatus.Committed, await CommitAsync(admissions[^1]));
        var after = Enumerable.Range(0, 2 * Writers).Select(n => Samples.Sale($"after-{n}"));
        Assert.All(
            await Task.WhenAll(after.Select(sale => Store.CreateAsync(sale, Cancel).AsTask())),
            created => Assert.NotNull(created));
    }

    /// <summary>
    /// An owner's number or an epoch that a failover takes back would be somebody else's afterwards (F05, F18).
    /// </summary>
    [Fact]
    public async Task F08_Nobody_goes_on_by_a_number_that_the_standby_has_not()
    {
        var epochs = Store.Reconciliation(TimeProvider.System);
        await StandbyAsync(isSilent: true);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.TakeOverAsync(Cancel));
        var epoch = (await epochs.FindEpochAsync(_sale.Id, Cancel))!.Value.Epoch;
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await epochs.RaiseAsync(_sale.Id, epoch, epoch + 1, "a test", Cancel));

        await StandbyAsync(isSilent: false);
        Assert.NotNull(await epochs.RaiseAsync(_sale.Id, epoch + 1, epoch + 2, "a test", Cancel));
    }

    /// <summary>What is findable by its buyer on one server alone would be missed by whoever ends the sale on another.
    /// </summary>
    [Fact]
    public async Task F08_No_sale_is_prepared_for_its_end_by_what_the_standby_has_not()
    {
        Assert.Equal(
            CommitStatus.Committed, await CommitAsync(Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"))));
        await Store.ChangeAsync(_sale.Id, new SaleChange.Close(), Samples.Noon, Cancel);
        var ending = Store.Reconciliation(TimeProvider.System);
        await StandbyAsync(isSilent: true);

        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(
                async () => await ending.PrepareAsync(_sale.Id, prepared: 0, Cancel));
        }

        await StandbyAsync(isSilent: false);
        Assert.NotNull(await ending.PrepareAsync(_sale.Id, prepared: 0, Cancel));
    }

    /// <summary>A first try that nobody believes has written its number; a second one may not believe that.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F08_No_node_starts_on_what_the_standby_has_not(bool isGate)
    {
        var schema = await PostgresSchema.MakeAsync(process.Server);
        await StandbyAsync(isSilent: true);
        for (var i = 0; i < 2; i++)
        {
            var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(OpenAsync);
            Assert.Contains("standby", refusal.Message, StringComparison.Ordinal);
        }

        await StandbyAsync(isSilent: false);
        await using var store = await OpenAsync();

        Task<PostgresStore> OpenAsync()
        {
            var options = schema.Options with { CommandTimeout = TimeSpan.FromSeconds(1) };
            return isGate
                ? PostgresStore.OpenAsGateAsync(options, TimeProvider.System, NullLogger.Instance, Cancel)
                : PostgresStore.OpenSharedAsync(options, TimeProvider.System, NullLogger.Instance, Cancel);
        }
    }

    /// <summary>
    /// Somebody cancels the wait by hand, and everybody sees what this server alone has: nothing may rest on it, or the
    /// log forgets a claim that a failover takes back (I4).
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F08_What_this_server_alone_has_is_neither_acknowledged_nor_read_back(bool isReadBack)
    {
        var fulfilment = Store.Fulfilment(TimeProvider.System, NullLogger.Instance);
        var admissions = Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"));
        var entry = new AdmittedBatch(
            _sale.Id, "1-0", Epoch: 1, _sale.Revision, Samples.Noon, [Samples.Claim(_sale, "anna")]);
        await StandbyAsync(isSilent: true);
        Assert.Equal(CommitStatus.Unknown, await CommitAsync(admissions));
        await process.Server.QueryAsync(
            $"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND {NoProbe}");
        await Waiting.UntilAsync("everybody sees it", async () => (await StandAsync([admissions])).Count == 1);

        if (isReadBack)
        {
            Assert.Null(await Store.ReadBackAsync(admissions, Cancel));
        }
        else
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(
                async () => await fulfilment.FulfilAsync([entry], Cancel));
        }

        await StandbyAsync(isSilent: false);
        Assert.Single(await fulfilment.FulfilAsync([entry], Cancel));
        Assert.Single((await Store.ReadBackAsync(admissions, Cancel))!);
    }

    private async Task<CommitStatus> CommitAsync(Admissions admissions) =>
        (await Store.CommitAsync([admissions], Cancel)).Status;

    private ValueTask<IReadOnlyList<Order>> StandAsync(IReadOnlyList<Admissions> admissions) =>
        Store.FindAsync([.. admissions.Select(one => one.Orders[0].Id)], Cancel);

    /// <summary>A standby that is asked for and does not come, or none any more; until a commit finds it so.</summary>
    private async Task StandbyAsync(bool isSilent)
    {
        var server = process.Server;
        await server.QueryAsync($"ALTER SYSTEM SET synchronous_standby_names = '{(isSilent ? "nobody" : "")}'");
        await server.QueryAsync("SELECT pg_reload_conf()");
        var probe = server.QueryAsync(Probe);
        await Waiting.UntilAsync("the server has heard of it", async () =>
        {
            if (probe.IsCompleted && isSilent)
            {
                probe = server.QueryAsync(Probe);
            }

            return isSilent ? await server.QueryAsync(ProbesThatWait) is not "0\n" : probe.IsCompleted;
        });
    }
}
