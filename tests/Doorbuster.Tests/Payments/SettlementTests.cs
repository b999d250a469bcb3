using Doorbuster.Conformance;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Payments;

/// <summary>Late money and refunds, whatever the provider does (I5).</summary>
public sealed class SettlementTests
{
    [Fact]
    public void Late_money_does_not_wait_for_a_provider_that_hangs() => Till.Run(async till =>
    {
        till.Refund = _ => new TaskCompletionSource<RefundReceipt>().Task;
        var wrong = await till.TakeAsync("anna", new Money(1, "EUR"));
        await Task.Delay(TimeSpan.FromSeconds(1), till.Clock);

        await till.ExpireAsync("bert");
        var late = await till.TakeAsync("bert");
        await Task.Delay(TimeSpan.FromSeconds(2), till.Clock);

        Assert.Equal(PaymentState.RefundDue, till.StateOf(wrong));
        Assert.Equal(OrderStatus.Paid, (await till.FindAsync("bert")).Status);
        Assert.Equal(PaymentState.Captured, till.StateOf(late));
    });

    [Fact]
    public void A_refund_that_hangs_is_asked_for_again() => Till.Run(async till =>
    {
        till.Refund = _ => till.Asked > 1
            ? Task.FromResult(RefundReceipt.Refunded)
            : new TaskCompletionSource<RefundReceipt>().Task;
        var wrong = await till.TakeAsync("anna", new Money(1, "EUR"));

        await Task.Delay(ProviderCall.Longest + TimeSpan.FromSeconds(5), till.Clock);

        Assert.Equal(2, till.Asked);
        Assert.Equal(PaymentState.Refunded, till.StateOf(wrong));
    });

    [Fact]
    public void What_a_providers_code_throws_stops_nothing() => Till.Run(async till =>
    {
        till.Refund = _ => till.Asked > 1
            ? Task.FromResult(RefundReceipt.Refunded)
            : throw new TaskCanceledException("A time-out of its own.");
        var wrong = await till.TakeAsync("anna", new Money(1, "EUR"));

        await Task.Delay(TimeSpan.FromSeconds(5), till.Clock);

        Assert.Equal(PaymentState.Refunded, till.StateOf(wrong));
    });

    [Fact]
    public void F16_A_refund_that_cannot_be_noted_is_asked_for_after_longer_and_longer_waits() => Till.Run(async till =>
    {
        var wrong = await till.TakeAsync("anna", new Money(1, "EUR"));
        till.Written = CommitFault.Failed;
        await Task.Delay(TimeSpan.FromMinutes(5), till.Clock);

        Assert.InRange(till.Asked, 2, 15);
        till.Written = CommitFault.None;
        await Task.Delay(TimeSpan.FromMinutes(5), till.Clock);
        Assert.Equal(PaymentState.Refunded, till.StateOf(wrong));
    });

    /// <summary>I2, I4, found by simulation: the store forgets a decided payment, and nobody else asks.</summary>
    [Fact]
    public void F08_Late_money_whose_commit_is_unknown_reaches_gate_and_buyer() => Till.Run(async till =>
    {
        await till.ExpireAsync("anna");
        till.Ledger.CanReadBack = false;
        till.Ledger.Next(CommitFault.UnknownAndDone);
        await till.TakeAsync("anna");
        await Task.Delay(TimeSpan.FromSeconds(3), till.Clock);
        till.Ledger.CanReadBack = true;
        await Task.Delay(TimeSpan.FromSeconds(1), till.Clock);

        Assert.Empty((await till.AuditAsync())!.Differences);
        Assert.Equal(OrderStatus.Paid, (await till.FindAsync("anna")).Status);
        Assert.Contains(await till.FindAsync("anna"), till.Told);
    });

    [Fact]
    public void Late_money_that_found_the_gate_busy_for_long_has_its_units_seconds_after() => Till.Run(async till =>
    {
        await till.ExpireAsync("bert");
        till.Ledger.BeforeCommit = _ => ValueTask.FromResult(CommitFault.Failed);
        var late = await till.TakeAsync("bert");
        await Task.Delay(TimeSpan.FromMinutes(10), till.Clock);
        Assert.Equal(OrderStatus.Expired, (await till.FindAsync("bert")).Status);

        till.Ledger.BeforeCommit = null;
        await Task.Delay(TimeSpan.FromSeconds(3), till.Clock);

        Assert.Equal(OrderStatus.Paid, (await till.FindAsync("bert")).Status);
        Assert.Equal(PaymentState.Captured, till.StateOf(late));
    });

    [Fact]
    public void It_stops_though_the_provider_does_not() => Till.Run(async till =>
    {
        till.Refund = _ => new TaskCompletionSource<RefundReceipt>().Task;
        await till.TakeAsync("anna", new Money(1, "EUR"));
        await Task.Delay(TimeSpan.FromSeconds(1), till.Clock);

        Assert.Equal(1, till.Asked);
    });
}
