using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// F08: nobody knows how a COMMIT ended, because the wire broke. It is read back by id, under the lock that the lost
/// transaction had; never guessed (I1, I2).
/// </summary>
public sealed class F08_UnknownCommitTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly Sale _sale = Samples.Sale(quantity: 9, limit: 9);
    private FaultProxy? _wire;
    private PostgresSchema? _schema;
    private PostgresStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FaultProxy Wire => _wire!;

    private PostgresStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        _wire = FaultProxy.Start(_schema.Server.Port);
        _store = await OpenAsync(Waiting.Patience);
        Assert.NotNull(await Store.CreateAsync(_sale, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Wire.DisposeAsync();
    }

    [Fact]
    public async Task F08_A_commit_whose_answer_is_lost_is_found_to_stand()
    {
        var admissions = Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"));
        var lost = Wire.NextCommit(WireFault.LoseAnswer);

        Assert.Equal(CommitStatus.Unknown, (await Store.CommitAsync([admissions], Cancel)).Status);

        Assert.True(lost.Happened.IsCompleted);
        Assert.Equal(admissions.Orders[0].Id.Key, Assert.Single((await Store.ReadBackAsync(admissions, Cancel))!));
        Assert.Equal((8, 1), await AvailableAndReservedAsync());
    }

    [Fact]
    public async Task F08_A_commit_that_never_came_is_found_not_to_stand_and_made_again()
    {
        var admissions = Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"));
        Wire.NextCommit(WireFault.LoseCommand);

        Assert.Equal(CommitStatus.Unknown, (await Store.CommitAsync([admissions], Cancel)).Status);

        Assert.Empty((await Store.ReadBackAsync(admissions, Cancel))!);
        Assert.True((await Store.CommitAsync([admissions], Cancel)).Covers(_sale.Id));
        Assert.Equal((8, 1), await AvailableAndReservedAsync());
    }

    [Fact]
    public async Task F08_Nobody_can_tell_before_the_lost_transaction_has_ended()
    {
        await BeImpatientAsync();
        var admissions = Samples.Admissions(_sale, 2, 0, Samples.Order(_sale, "anna"));
        var late = Wire.NextCommit(WireFault.DelayCommand);
        Assert.Equal(CommitStatus.Unknown, (await Store.CommitAsync([admissions], Cancel)).Status);

        Assert.Null(await Store.ReadBackAsync(admissions, Cancel));

        late.Release();
        await Waiting.UntilAsync(
            "the commit was found", async () => await Store.ReadBackAsync(admissions, Cancel) is { Count: 1 });
        Assert.Equal((8, 1), await AvailableAndReservedAsync());
    }

    [Fact]
    public async Task F08_A_beginning_that_breaks_is_made_again_at_once()
    {
        foreach (var (fault, before) in new[] { (WireFault.LoseCommand, 0), (WireFault.LoseAnswer, 1) })
        {
            var lost = Wire.NextBegin(fault);
            var order = Samples.Order(_sale, $"{fault}");

            var receipt = await Store.CommitAsync([Samples.Admissions(_sale, 1, before, order)], Cancel);

            Assert.True(lost.Happened.IsCompleted, $"{fault}");
            Assert.True(receipt.Covers(_sale.Id), $"{fault}");
        }

        Assert.Equal((7, 2), await AvailableAndReservedAsync());
    }

    [Theory]
    [InlineData(WireFault.LoseAnswer, CommandOutcome.Stands)]
    [InlineData(WireFault.LoseCommand, CommandOutcome.Done)]
    public async Task F08_A_change_of_orders_that_is_made_again_is_done_once(WireFault fault, CommandOutcome again)
    {
        var order = Samples.Order(_sale, "anna", units: 2);
        await Store.CommitAsync([Samples.Admissions(_sale, 1, 0, order)], Cancel);
        OrderCommand[] cancel = [new OrderCommand.Cancel(order.Id)];
        Wire.NextCommit(fault);

        await Assert.ThrowsAsync<OutcomeUnknownException>(
            async () => await Store.ApplyAsync(cancel, Samples.Noon, Cancel));

        Assert.Equal(again, Assert.Single(await Store.ApplyAsync(cancel, Samples.Noon, Cancel)).Outcome);
        Assert.Equal((9, 0), await AvailableAndReservedAsync());
    }

    /// <summary>The transaction had nothing to write, and its connection breaks over its end (F16).</summary>
    [Theory]
    [InlineData(WireFault.LoseAnswer)]
    [InlineData(WireFault.LoseCommand)]
    public async Task F16_What_was_found_to_stand_is_told_whatever_becomes_of_the_connection(WireFault fault)
    {
        var admissions = Samples.Admissions(_sale, 1, 0, Samples.Order(_sale, "anna"));
        await Store.CommitAsync([admissions], Cancel);
        OrderCommand[] cancel = [new OrderCommand.Cancel(admissions.Orders[0].Id)];

        Wire.NextCommit(fault);
        Assert.Null(await Store.ReadBackAsync(admissions, Cancel));
        Assert.Single((await Store.ReadBackAsync(admissions, Cancel))!);
        await Store.ApplyAsync(cancel, Samples.Noon, Cancel);
        Wire.NextCommit(fault);
        Assert.Equal(
            CommandOutcome.Stands, Assert.Single(await Store.ApplyAsync(cancel, Samples.Noon, Cancel)).Outcome);

        Assert.Equal((9, 0), await AvailableAndReservedAsync());
    }

    [Fact]
    public async Task F08_A_sale_whose_creation_is_late_is_not_taken_for_missing()
    {
        await BeImpatientAsync();
        var sale = Samples.Sale("late");
        var late = Wire.NextCommit(WireFault.DelayCommand);
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await Store.CreateAsync(sale, Cancel));

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.FindAsync(sale.Id, Cancel));

        late.Release();
        await Waiting.UntilAsync("the sale was found", async () =>
        {
            try
            {
                return await Store.FindAsync(sale.Id, Cancel) is not null;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        Assert.Null(await Store.CreateAsync(sale, Cancel));
        var order = Samples.Order(sale, "anna");
        Assert.True((await Store.CommitAsync([Samples.Admissions(sale, 1, 0, order)], Cancel)).Covers(sale.Id));
    }

    [Fact]
    public async Task F08_A_gate_answers_by_what_it_has_read_back()
    {
        var gate = new InMemoryGate(Store, new VirtualTimeProvider(Samples.Noon), ordersPerBuyer: 64);
        await gate.OpenAsync((await Store.TakeOverAsync(Cancel))[0], Cancel);
        var told = new List<Outcome?>();
        foreach (var fault in new[] { WireFault.LoseAnswer, WireFault.LoseCommand })
        {
            var batch = Samples.Batch(_sale, Samples.Claim(_sale, $"{fault}"));
            Wire.NextCommit(fault);
            await gate.ClaimAsync([batch], Cancel);
            told.Add(batch.Answers[0].Outcome);
        }

        Assert.Equal([Outcome.Admitted, Outcome.Busy], told);
        Assert.Equal((8, 1), await AvailableAndReservedAsync());
    }

    /// <summary>Goes on with a store that soon gives up what waits for a lock.</summary>
    private async Task BeImpatientAsync()
    {
        await Store.DisposeAsync();
        _store = await OpenAsync(TimeSpan.FromMilliseconds(400));
        await Store.TakeOverAsync(Cancel);
    }

    private Task<PostgresStore> OpenAsync(TimeSpan timeout) => _schema!.OpenAsync(_schema.Options with
    {
        ConnectionString = PostgresServer.ConnectionStringAt(Wire.Port),
        CommandTimeout = timeout,
    });

    private async Task<(long, long)> AvailableAndReservedAsync()
    {
        var report = await Store.ReportAsync(_sale.Id, Cancel);
        Assert.True(report!.Stock.LawHolds);
        Assert.Equal(report.Stock.Reserved, report.Reserved);
        return (report.Stock.Available, report.Stock.Reserved);
    }
}
