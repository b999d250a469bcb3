using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests;

/// <summary>A sale that has closed by time is closed for good, whatever its clock says later (F14).</summary>
public sealed class F14_ClosedStaysClosedTests
{
    private static readonly Sale Sale = Samples.Sale() with { ClosesAt = Samples.Noon.AddHours(1) };

    private readonly InMemoryStore _store = new();
    private readonly SteppingClock _clock = new() { Now = Samples.Noon };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gate_that_has_closed_does_not_open_as_the_clock_steps_back()
    {
        var (gate, _) = await OpenAsync();
        Assert.Equal(Outcome.Admitted, await ClaimAsync(gate, "anna"));
        _clock.Now = Samples.Noon.AddHours(1);
        Assert.Equal(Outcome.Closed, await ClaimAsync(gate, "bert"));

        _clock.Now = Samples.Noon.AddMinutes(59);

        Assert.Equal(Outcome.Closed, await ClaimAsync(gate, "carl"));
    }

    [Fact]
    public async Task What_a_gate_has_closed_no_restart_and_no_operator_opens_again()
    {
        var (gate, office) = await OpenAsync();
        _clock.Now = Samples.Noon.AddHours(1);
        Assert.Equal(Outcome.Closed, await ClaimAsync(gate, "anna"));

        // The clock steps back before anyone else has looked at it.
        _clock.Now = Samples.Noon.AddMinutes(30);
        await office.CloseDueAsync(Cancel);

        Assert.Equal(SaleMode.Closed, (await _store.FindAsync(Sale.Id, Cancel))!.Mode);
        var resumed = await office.ChangeAsync(Sale.Id, new SaleChange.Resume(), Cancel);
        Assert.Equal(SaleChangeOutcome.Closed, resumed.Outcome);
        var next = new InMemoryGate(_store, _clock, ordersPerBuyer: 64);
        await new SaleOffice(_store, next, new Catalog(), new Limits(), _clock).OpenAllAsync(Cancel);
        Assert.Equal(Outcome.Closed, await ClaimAsync(next, "bert"));
    }

    [Fact]
    public async Task A_closing_is_one_transition_and_comes_when_the_terms_say_so()
    {
        var (gate, office) = await OpenAsync();
        var later = Sale with { ClosesAt = Samples.Noon.AddHours(2) };
        await office.ChangeAsync(Sale.Id, new SaleChange.Edit(later, Revision: 1), Cancel);
        _clock.Now = Samples.Noon.AddHours(1);
        await office.CloseDueAsync(Cancel);
        Assert.Equal(Outcome.Admitted, await ClaimAsync(gate, "anna"));

        _clock.Now = Samples.Noon.AddHours(2);
        await office.CloseDueAsync(Cancel);
        await office.CloseDueAsync(Cancel);

        Assert.Equal(Outcome.Closed, await ClaimAsync(gate, "bert"));
        var events = await _store.EventsAsync(Sale.Id, after: 0, limit: 10, Cancel);
        Assert.Single(events, one => one.Kind == Doorbuster.Orders.EventKind.SaleClosed);
    }

    private async Task<(InMemoryGate Gate, SaleOffice Office)> OpenAsync()
    {
        var windows = new SteadyClock(_clock);
        var gate = new InMemoryGate(_store, _clock, ordersPerBuyer: 64, windows: windows);
        var office = new SaleOffice(_store, gate, new Catalog(), new Limits(), _clock, windows: windows);
        await office.CreateAsync(Sale, Cancel);
        return (gate, office);
    }

    private static async Task<Outcome?> ClaimAsync(InMemoryGate gate, string buyer)
    {
        var batch = Samples.Batch(Sale, Samples.Claim(Sale, buyer));
        await gate.ClaimAsync([batch], Cancel);
        return batch.Answers[0].Outcome;
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
