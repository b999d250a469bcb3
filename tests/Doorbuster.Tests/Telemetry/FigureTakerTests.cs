using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>What a look for an operator's dashboard finds in a sale that really goes on.</summary>
public sealed class FigureTakerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Units_claims_and_what_is_about_to_expire_are_shown() => MeasuredSale.Run(quantity: 4, async sale =>
    {
        var taker = new FigureTaker(sale.Sources, sale.Limits, sale.Clock);
        await sale.ClaimAsync("anna", "bert", "carl");
        await sale.ClaimAsync("anna");
        var payment = await sale.OpenPaymentAsync("anna");
        await sale.DoAsync(new OrderCommand.Capture(payment.Id, payment.OrderId, payment.Amount));
        await sale.ClaimAsync("dora", "emil");

        var figures = Assert.Single((await taker.LookAsync([], None)).Sales);

        Assert.Equal((4L, 0L, 3L, 1L), UnitsOf(figures));
        Assert.Equal("admitted 4, replayed 1, sold_out 1", Text(figures.Claims));
        Assert.Equal((SaleState.Open, 0L, 0L), (figures.State, figures.Queued, figures.Gate!.Value.View!.Available));
        Assert.True(figures is { LawHolds: true, LastAudit: null, Expiring: 0 });

        await sale.PassAsync(TimeSpan.FromMinutes(9.5));
        var report = await sale.Auditor.AuditAsync(figures.Sale.Id, None);
        var later = Assert.Single((await taker.LookAsync([], None)).Sales);
        Assert.Equal((3, new PastAudit(sale.Clock.GetUtcNow(), report!)), (later.Expiring, later.LastAudit));
    });

    [Fact]
    public void So_many_sales_are_shown_the_latest_first_and_any_other_to_who_asks() => MeasuredSale.Run(
        quantity: 4, async sale =>
        {
            string[] order = ["open-new", "drop", "coming", "closed"];
            await sale.AddAsync(Samples.Sale("closed") with { Mode = SaleMode.Closed });
            await sale.AddAsync(Samples.Sale("coming") with { OpensAt = Samples.Noon.AddHours(1) });
            await sale.PassAsync(TimeSpan.FromMinutes(2));
            await sale.AddAsync(Samples.Sale("open-new") with { OpensAt = Samples.Noon.AddMinutes(1) });
            var taker = new FigureTaker(sale.Sources, sale.Limits with { BoardSales = 2 }, sale.Clock);

            var all = await new FigureTaker(sale.Sources, sale.Limits, sale.Clock).LookAsync([], None);
            var some = await taker.LookAsync([], None);
            var asked = await taker.LookAsync([SaleId.Parse("closed")], None);

            Assert.Equal(order, Ids(all));
            Assert.Equal(order[..2], Ids(some));
            Assert.Equal((0, 2), (all.MoreSales, some.MoreSales));
            Assert.Equal([.. order[..2], "closed"], Ids(asked));
        });

    [Fact]
    public void A_node_tells_what_was_claimed_there_though_it_knows_more_sales_than_it_may_tell() => MeasuredSale.Run(
        quantity: 4, async sale =>
        {
            var taker = new FigureTaker(sale.Sources, sale.Limits with { MeasuredSales = 1 }, sale.Clock);
            await sale.PassAsync(TimeSpan.FromMinutes(2));
            await sale.AddAsync(Samples.Sale("open-new") with { OpensAt = Samples.Noon.AddMinutes(1) });
            Assert.Empty(taker.Tallies());

            await sale.ClaimAsync("anna");

            Assert.Equal("admitted 1", Text(Assert.Single(taker.Tallies()).Value));
        });

    [Fact]
    public void What_the_nodes_have_counted_is_added_up_and_nothing_twice() => MeasuredSale.Run(
        quantity: 4, async sale =>
        {
            var taker = new FigureTaker(sale.Sources, sale.Limits, sale.Clock);
            var nodes = new OwnNodeList(sale.Clock);
            taker.Show(nodes, "me");
            await sale.ClaimAsync("anna");
            Assert.Equal("admitted 1", Text(taker.Tallies()["drop"]));
            await nodes.BeatAsync(Beat("me", taker.Tallies()), TimeSpan.FromHours(1), None);
            var others = new Dictionary<string, IReadOnlyDictionary<string, long>>
            {
                ["drop"] = new Dictionary<string, long> { ["admitted"] = 2, ["not_open"] = 7 },
                ["elsewhere"] = new Dictionary<string, long> { ["admitted"] = 5 },
            };
            await nodes.BeatAsync(Beat("other", others), TimeSpan.FromHours(1), None);
            await sale.ClaimAsync("bert");

            var figures = await taker.LookAsync([], None);

            Assert.Equal("admitted 4, not_open 7", Text(Assert.Single(figures.Sales).Claims));
            Assert.Equal(["me", "other"], figures.Nodes!.Select(node => node.Beat.Id));
        });

    [Fact]
    public void F13_only_a_difference_that_stands_breaks_the_law() => MeasuredSale.Run(quantity: 4, async sale =>
    {
        var taker = new FigureTaker(sale.Sources, sale.Limits, sale.Clock);
        sale.Store.TamperStock = stock => stock with { Available = stock.Available - 1, Reserved = stock.Reserved + 1 };

        Assert.True(await HoldsAsync(taker));
        await sale.PassAsync(MeasuredSale.LongestCommit);
        Assert.True(await HoldsAsync(taker));
        await sale.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(await HoldsAsync(taker));

        sale.Store.TamperStock = stock => stock;
        Assert.True(await HoldsAsync(taker));
        sale.Store.TamperStock = stock => stock with { Sold = 1 };
        Assert.False(await HoldsAsync(taker));
    });

    [Fact]
    public void F16_what_waits_in_the_log_is_no_difference_and_its_age_grows() => MeasuredSale.Run(
        quantity: 4, async sale =>
        {
            var gate = new InMemorySharedGate(sale.Clock, ordersPerBuyer: 8, TimeSpan.FromMinutes(5));
            var terms = sale.Listing.Sale;
            await gate.OpenAsync(new GateSnapshot(terms, 1, new Stock(4, 4, 0, 0, 1), 0, new Holdings()), None);
            var sources = sale.Sources with { Gate = gate, Log = new InMemoryClaimLog(gate, sale.Clock) };
            var taker = new FigureTaker(sources, sale.Limits, sale.Clock);
            await gate.ClaimAsync([Samples.Batch(terms, Samples.Claim(terms, "anna"))], None);

            // Nobody brings it to the store.
            for (var minute = 0; minute < 2; minute++)
            {
                var waiting = Assert.Single((await taker.LookAsync([], None)).Sales);
                Assert.True(waiting is { LawHolds: true, Queued: 1, Gate.Standing: GateStanding.Open }, $"{waiting}");
                Assert.Equal(new QueueLook(IsEmpty: false, TimeSpan.FromMinutes(minute)), waiting.Queue);
                await sale.PassAsync(TimeSpan.FromMinutes(1));
            }

            // It is gone, and the unit with it.
            gate.Delete(terms.Id, [.. gate.LogOf(terms.Id).Select(entry => entry.Id)]);
            Assert.True(await HoldsAsync(taker));
            await sale.PassAsync(MeasuredSale.LongestCommit * 2);
            Assert.False(await HoldsAsync(taker));

            gate.Damage(terms.Id);
            var damaged = Assert.Single((await taker.LookAsync([], None)).Sales);
            Assert.True(damaged is { Queued: null, Gate.Standing: GateStanding.Damaged }, $"{damaged}");
        });

    [Fact]
    public void A_gate_that_was_removed_is_shown_as_removed_and_the_store_alone_is_judged() => MeasuredSale.Run(
        quantity: 4, async sale =>
        {
            var gate = new InMemorySharedGate(sale.Clock, ordersPerBuyer: 8, TimeSpan.FromMinutes(5));
            var ended = new EndedSales();
            var sources = sale.Sources with
            {
                Gate = gate,
                Log = new InMemoryClaimLog(gate, sale.Clock),
                Ended = ended,
            };
            var taker = new FigureTaker(sources, sale.Limits, sale.Clock);
            var before = Assert.Single((await taker.LookAsync([], None)).Sales);
            Assert.True(before is { IsGateRemoved: false, Gate.Standing: GateStanding.Missing }, $"{before}");

            ended.Note(new SaleGlance(sale.Listing.Sale.Id, 1, 2, 3, 4, IsOver: true));

            var after = Assert.Single((await taker.LookAsync([], None)).Sales);
            Assert.True(after is { IsGateRemoved: true, Gate: null, LawHolds: true, Queued: null }, $"{after}");
        });

    [Fact]
    public void F16_a_store_that_is_away_is_shown_as_unknown() => MeasuredSale.Run(quantity: 4, async sale =>
    {
        var taker = new FigureTaker(sale.Sources, sale.Limits, sale.Clock);
        sale.Store.TamperStock = _ => throw new StoreUnavailableException("It is away.");

        var figures = Assert.Single((await taker.LookAsync([], None)).Sales);

        Assert.True(figures is { Stock: null, LawHolds: null, Queued: null, Expiring: 0 }, $"{figures}");
    });

    private static async Task<bool?> HoldsAsync(FigureTaker taker) =>
        Assert.Single((await taker.LookAsync([], None)).Sales).LawHolds;

    private static (long Quantity, long Available, long Reserved, long Sold) UnitsOf(SaleFigures figures) =>
        figures.Stock is { } stock ? (stock.Quantity, stock.Available, stock.Reserved, stock.Sold) : default;

    private static IEnumerable<string> Ids(Figures figures) => figures.Sales.Select(sale => sale.Sale.Id.ToString());

    private static string Text(IReadOnlyDictionary<string, long> counts) =>
        string.Join(", ", counts.Select(one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal));

    private static NodeBeat Beat(string id, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> claims) =>
        new(id, id, NodeRoles.Api, Samples.Noon, NotReady: [], Lag: null) { Claims = claims };
}
