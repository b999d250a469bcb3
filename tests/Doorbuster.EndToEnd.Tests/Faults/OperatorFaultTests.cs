using Doorbuster.Conformance;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>
/// An operator's call while the store fails: refused with a time to come back, and nothing is changed; or of unknown
/// outcome, and then what stands comes to the gate by itself (F08, F16).
/// </summary>
public sealed class OperatorFaultTests : IAsyncLifetime
{
    private const string Patch = "patch";

    private readonly FaultySales _sales = new();
    private TurnedShop? _shop;

    public static TheoryData<string> Calls => ["pause", "resume", "close", "replenish", Patch];

    private TurnedShop Shop => _shop!;

    public async ValueTask InitializeAsync() => _shop = await TurnedShop.OpenAsync(configure: _sales.Configure);

    public ValueTask DisposeAsync() => Shop.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_store_that_fails_is_busy_and_nothing_is_changed(string call)
    {
        var sale = await NewSaleAsync(call);
        var before = await StateAsync(sale);
        _sales.Fault = CommitFault.Failed;

        var answer = await AskAsync(sale, call);

        answer.IsProblem(503, "busy");
        Assert.InRange(answer.RetryAfterSeconds(), 1, 10);
        Assert.Equal(before, await StateAsync(sale));
        _sales.Fault = CommitFault.None;
        IsDone((await AskAsync(sale, call)).Is(200), call);
        await Shop.AuditAsync(sale);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_was_done_unseen_is_at_the_gate_soon_and_is_not_done_twice(string call)
    {
        var sale = await NewSaleAsync(call);
        (_sales.Fault, _sales.CanTell) = (CommitFault.UnknownAndDone, false);

        var answer = await AskAsync(sale, call);

        IsUnknown(answer);
        _sales.CanTell = true;
        await Shop.UntilAsync(
            "the change was at the gate", async () => IsSo(await Shop.Api.SaleAsync(sale), call));
        _sales.Fault = CommitFault.None;
        var stands = await Shop.Api.SaleAsync(sale);
        var again = await AskAsync(sale, call);
        if (call == Patch)
        {
            Assert.Equal(again.IsProblem(412, "precondition-failed").Number("revision"), stands.Number("revision"));
        }
        else
        {
            IsDone(again.Is(200), call);
            Assert.Equal(stands.Number("revision"), again.Number("revision"));
        }

        Assert.Equal(stands.Number("quantity"), (await Shop.AuditAsync(sale)).Number("quantity"));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_was_not_done_unseen_is_done_when_it_is_asked_for_again(string call)
    {
        var sale = await NewSaleAsync(call);
        var before = await StateAsync(sale);
        _sales.Fault = CommitFault.UnknownAndNotDone;

        IsUnknown(await AskAsync(sale, call));

        await Shop.SettleAsync();
        Assert.Equal(before, await StateAsync(sale));
        _sales.Fault = CommitFault.None;
        IsDone((await AskAsync(sale, call)).Is(200), call);
        await Shop.AuditAsync(sale);
    }

    /// <summary>What the answer says must be true of an operator's call, which is about no order.</summary>
    private static void IsUnknown(Answer answer)
    {
        answer.IsProblem(503, "outcome-unknown");
        Assert.InRange(answer.RetryAfterSeconds(), 1, 10);
        Assert.DoesNotContain("order", answer.Text("title"), StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> NewSaleAsync(string call)
    {
        var sale = await Shop.NewSaleAsync(new Terms(5) { PaymentWindow = "PT24H" });
        if (call == "resume")
        {
            (await Shop.Api.OperateAsync(sale, "pause")).Is(200);
        }

        return sale;
    }

    /// <summary>Makes a call from the sale as it was before anyone changed it.</summary>
    private Task<Answer> AskAsync(string sale, string call) => call switch
    {
        Patch => Shop.Api.PatchAsync(sale, "\"1-1\"", """{"title":"Another"}"""),
        "replenish" => Shop.Api.OperateAsync(sale, call, """{"quantity":3,"requestId":"monday"}"""),
        _ => Shop.Api.OperateAsync(sale, call),
    };

    private static void IsDone(Answer sale, string call) => Assert.True(IsSo(sale, call), sale.ToString());

    private static bool IsSo(Answer sale, string call) => call switch
    {
        Patch => sale.Text("title") == "Another",
        "replenish" => sale.Number("quantity") == 8 && sale.Number("available") == 8,
        _ => sale.Text("state") == (call == "pause" ? "paused" : call == "close" ? "closed" : "open"),
    };

    private async Task<string> StateAsync(string sale)
    {
        var shown = (await Shop.Api.SaleAsync(sale)).Json.EnumerateObject().Where(field => field.Name != "now");
        var events = await Feed.ReadAsync(Shop.Api, sale, limit: 100);
        return $"{string.Join(',', shown)} {string.Join(',', events)} {(await Shop.AuditAsync(sale)).Body}";
    }
}
