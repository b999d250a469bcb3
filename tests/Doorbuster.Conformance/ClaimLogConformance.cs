using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every claim log does. A log's tests inherit it and say how the gate that writes it, and its readers, are made.
/// </summary>
public abstract class ClaimLogConformance : IAsyncLifetime
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);

    private ISharedGate? _gate;
    private IClaimLog? _log;
    private IClaimLog? _other;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IClaimLog Log => _log!;

    private IClaimLog Other => _other!;

    public async ValueTask InitializeAsync()
    {
        _gate = await CreateGateAsync();
        _log = CreateLog("first");
        _other = CreateLog("second");
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a gate without sales, over an empty log.</summary>
    protected abstract ValueTask<ISharedGate> CreateGateAsync();

    /// <summary>The gate's log, as one reader has it.</summary>
    protected abstract IClaimLog CreateLog(string reader);

    /// <summary>Lets so much time go by.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    [Fact]
    public async Task An_entry_is_given_to_one_reader_as_the_gate_wrote_it()
    {
        var sale = await OpenAsync();
        var anna = Samples.Claim(sale, "anna");
        var bert = Samples.Claim(sale, "bert");
        await ClaimAsync(sale, anna, bert);

        var entry = Assert.Single(await ReadAsync(Log, sale));

        Assert.Equal((sale.Id, 1, sale.Revision), (entry.Sale, entry.Epoch, entry.Revision));
        Assert.Equal([anna, bert], entry.Claims);
        Assert.Equal(new LogDepth(1, entry.AdmittedAt), await Log.MeasureAsync(sale.Id, Cancel));
        Assert.Empty(await ReadAsync(Log, sale));
        Assert.Empty(await ReadAsync(Other, sale));
    }

    [Fact]
    public async Task Entries_come_in_their_order_and_so_many_of_a_sale_at_once()
    {
        var a = await OpenAsync("a");
        var b = await OpenAsync("b");
        for (var i = 0; i < 5; i++)
        {
            await ClaimAsync(a, Samples.Claim(a, $"buyer-{i}"));
            await ClaimAsync(b, Samples.Claim(b, $"buyer-{i}"));
        }

        var first = await Log.ReadAsync([a.Id, b.Id], most: 3, Cancel);
        var rest = await Other.ReadAsync([a.Id, b.Id], most: 9, Cancel);

        Assert.Equal(["buyer-0", "buyer-1", "buyer-2"], BuyersOf(first, a));
        Assert.Equal(["buyer-0", "buyer-1", "buyer-2"], BuyersOf(first, b));
        Assert.Equal(["buyer-3", "buyer-4"], BuyersOf(rest, a));
        Assert.Equal(["buyer-3", "buyer-4"], BuyersOf(rest, b));
    }

    [Fact]
    public async Task A_sale_without_a_log_has_no_entries_and_holds_up_no_other()
    {
        var sale = await OpenAsync();
        await ClaimAsync(sale, Samples.Claim(sale, "anna"));
        var missing = SaleId.Parse("missing");

        Assert.Single(await Log.ReadAsync([missing, sale.Id], most: 9, Cancel));
        Assert.Empty(await Log.TakeOverAsync([missing], Idle, most: 9, Cancel));
        Assert.Empty(await Log.ScanAsync(missing, after: null, most: 9, Cancel));
        Assert.Equal(new LogDepth(0, null), await Log.MeasureAsync(missing, Cancel));
        var entry = Assert.Single(await Log.ScanAsync(sale.Id, after: null, most: 9, Cancel));
        await Log.AcknowledgeAsync([entry with { Sale = missing }], Cancel);
    }

    [Fact]
    public async Task An_acknowledged_entry_is_gone_for_everyone_and_twice_is_once()
    {
        var sale = await OpenAsync();
        await ClaimAsync(sale, Samples.Claim(sale, "anna"));
        await ClaimAsync(sale, Samples.Claim(sale, "bert"));
        var entries = await ReadAsync(Log, sale);

        await Log.AcknowledgeAsync([entries[0]], Cancel);
        await Other.AcknowledgeAsync([entries[0]], Cancel);
        await PassAsync(Idle);

        Assert.Equal(["bert"], BuyersOf(await Other.TakeOverAsync([sale.Id], Idle, most: 9, Cancel), sale));
        Assert.Equal(["bert"], BuyersOf(await Log.ScanAsync(sale.Id, after: null, most: 9, Cancel), sale));
        Assert.Equal(1, (await Log.MeasureAsync(sale.Id, Cancel)).Entries);
    }

    /// <summary>
    /// An old primary, or a server that came back older, may have given the same id to what it admitted.
    /// </summary>
    [Fact]
    public async Task I4_an_entry_stays_where_one_of_another_epoch_is_acknowledged_under_its_id()
    {
        var sale = await OpenAsync();
        await ClaimAsync(sale, Samples.Claim(sale, "anna"));
        await ClaimAsync(sale, Samples.Claim(sale, "bert"));
        var entries = await ReadAsync(Log, sale);

        await Log.AcknowledgeAsync([entries[0] with { Epoch = entries[0].Epoch + 1 }, entries[1]], Cancel);
        await PassAsync(Idle);

        Assert.Equal(["anna"], BuyersOf(await Log.ScanAsync(sale.Id, after: null, most: 9, Cancel), sale));
        Assert.Equal(["anna"], BuyersOf(await Other.TakeOverAsync([sale.Id], Idle, most: 9, Cancel), sale));
        await Log.AcknowledgeAsync([entries[0]], Cancel);
        Assert.Equal(0, (await Log.MeasureAsync(sale.Id, Cancel)).Entries);
    }

    [Fact]
    public async Task F10_what_a_reader_has_for_too_long_is_taken_over_and_may_be_acknowledged_by_either()
    {
        var sale = await OpenAsync();
        await ClaimAsync(sale, Samples.Claim(sale, "anna"));
        await ClaimAsync(sale, Samples.Claim(sale, "bert"));
        var had = await ReadAsync(Log, sale);
        Assert.Empty(await Other.TakeOverAsync([sale.Id], TimeSpan.FromHours(1), most: 9, Cancel));

        await PassAsync(Idle);
        var taken = await Other.TakeOverAsync([sale.Id], Idle, most: 9, Cancel);
        Assert.Equal(["anna", "bert"], BuyersOf(taken, sale));
        Assert.Empty(await Log.TakeOverAsync([sale.Id], TimeSpan.FromHours(1), most: 9, Cancel));

        await Log.AcknowledgeAsync([had[0]], Cancel);
        await Other.AcknowledgeAsync(taken, Cancel);
        Assert.Equal(0, (await Log.MeasureAsync(sale.Id, Cancel)).Entries);
    }

    [Fact]
    public async Task A_reader_that_lost_its_own_entries_takes_them_over_too()
    {
        var sale = await OpenAsync();
        await ClaimAsync(sale, Samples.Claim(sale, "anna"));
        await ReadAsync(Log, sale);

        await PassAsync(Idle);

        Assert.Equal(["anna"], BuyersOf(await Log.TakeOverAsync([sale.Id], Idle, most: 9, Cancel), sale));
    }

    [Fact]
    public async Task A_scan_finds_everything_page_by_page_and_gives_it_to_nobody()
    {
        var sale = await OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await ClaimAsync(sale, Samples.Claim(sale, $"buyer-{i}"));
        }

        await Log.ReadAsync([sale.Id], most: 2, Cancel);

        var first = await Other.ScanAsync(sale.Id, after: null, most: 3, Cancel);
        var second = await Other.ScanAsync(sale.Id, after: first[^1].Id, most: 3, Cancel);

        Assert.Equal(["buyer-0", "buyer-1", "buyer-2"], BuyersOf(first, sale));
        Assert.Equal(["buyer-3", "buyer-4"], BuyersOf(second, sale));
        Assert.Equal(["buyer-2", "buyer-3", "buyer-4"], BuyersOf(await ReadAsync(Log, sale), sale));
    }

    [Fact]
    public async Task A_log_outlives_the_gate_that_wrote_it()
    {
        var sale = await OpenAsync();
        await ClaimAsync(sale, Samples.Claim(sale, "anna"));
        await ClaimAsync(sale, Samples.Claim(sale, "bert"));
        await Log.ReadAsync([sale.Id], most: 1, Cancel);

        await OpenAsync(epoch: 2);
        await ClaimAsync(sale, Samples.Claim(sale, "carl"));

        var rest = await ReadAsync(Other, sale);
        Assert.Equal([("bert", 1), ("carl", 2)], rest.Select(e => ($"{e.Claims[0].Buyer}", (int)e.Epoch)));
        await PassAsync(Idle);
        Assert.Contains("anna", BuyersOf(await Other.TakeOverAsync([sale.Id], Idle, most: 9, Cancel), sale));
    }

    private async Task<Sale> OpenAsync(string id = "drop", long epoch = 1)
    {
        var sale = Samples.Sale(id) with { OpensAt = DateTimeOffset.UnixEpoch };
        var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
        await _gate!.OpenAsync(new GateSnapshot(sale, epoch, stock, 0, new Holdings()), Cancel);
        return sale;
    }

    private async Task ClaimAsync(Sale sale, params Claim[] claims)
    {
        var batch = Samples.Batch(sale, claims);
        await _gate!.ClaimAsync([batch], Cancel);
        Assert.All(batch.Answers.ToArray(), answer => Assert.Equal(Outcome.Admitted, answer.Outcome));
    }

    private static ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(IClaimLog log, Sale sale) =>
        log.ReadAsync([sale.Id], most: 9, Cancel);

    private static IEnumerable<string> BuyersOf(IEnumerable<AdmittedBatch> entries, Sale sale) =>
        from entry in entries
        where entry.Sale == sale.Id
        from claim in entry.Claims
        select claim.Buyer.ToString();
}
