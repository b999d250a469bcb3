using Doorbuster.Notification;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class EpochConformance
{
    protected abstract IDeadLetters Letters { get; }

    protected abstract IOutbox Outbox { get; }

    [Fact]
    public async Task F09_dead_letters_are_listed_page_by_page_as_they_came()
    {
        var sale = await CreateSaleAsync();
        var claims = (Claim[])[Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"), Samples.Claim(sale, "carl")];
        foreach (var claim in claims)
        {
            await BuryAsync(sale, claim);
        }

        var first = await Letters.ListAsync(after: null, most: 2, Cancel);
        var rest = await Letters.ListAsync(first[^1].Id, most: 2, Cancel);

        Assert.Equal((2, 1), (first.Count, rest.Count));
        Assert.Equal(claims.ToHashSet(), first.Concat(rest).Select(letter => letter.Entry.Claims[0]).ToHashSet());
        var anna = await Letters.FindLetterAsync(DeadLetterId.Of(claims[0]), Cancel);
        Assert.Equal((Samples.Noon, "It looked bad."), (anna!.BuriedAt, anna.Reason));
        Assert.Equal(
            (sale.Id, "1-0", 1, sale.Revision, Samples.Noon.AddSeconds(-3)),
            (anna.Entry.Sale, anna.Entry.Id, anna.Entry.Epoch, anna.Entry.Revision, anna.Entry.AdmittedAt));
        Assert.Null(await Letters.FindLetterAsync(new DeadLetterId(claims[0].Order, 1), Cancel));
    }

    [Fact]
    public async Task I4_what_waited_too_long_is_given_up_once_and_its_units_are_the_sales()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await BuryAsync(sale, anna);
        await Fulfilment.BuryAsync(
            Entry(sale, bert) with { Sale = SaleId.Parse("nowhere"), Claims = [OfNowhere("bert")] }, "No sale.",
            Cancel);
        Assert.Empty(await Letters.OverdueAsync(Samples.Noon, most: 9, Cancel));
        var overdue = Assert.Single(await Letters.OverdueAsync(Samples.Noon.AddSeconds(1), most: 9, Cancel));

        var told = await Letters.RejectAsync(overdue, Cancel);

        Assert.Equal(
            (OrderStatus.Rejected, RejectionReason.Failed, 1), (told!.Status, told.Rejection!.Value, told.Quantity));
        Assert.Equal([told], await FulfilAsync(Entry(sale, anna)));
        Assert.Null(await Letters.RejectAsync(overdue, Cancel));
        Assert.Empty(await Letters.OverdueAsync(Samples.Noon.AddSeconds(1), most: 9, Cancel));
        Assert.Equal(anna.Order, (await ToldAsync())[0]);
        Assert.Equal(10, (await Store.Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task I5_late_money_whose_claim_waited_too_long_goes_back()
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        await BuryAsync(sale, revival);

        var told = await Letters.RejectAsync(DeadLetterId.Of(revival), Cancel);

        Assert.Equal((OrderStatus.Expired, PaymentState.RefundDue), (told!.Status, told.Payment!.State));
        Assert.Equal(RefundReason.Failed, told.Payment.RefundReason);
        Assert.Contains(late.Order, await ToldAsync());
        Assert.Empty(await LettersAsync());
        Assert.Equal("anna 0", Held(await RaiseAsync(sale, from: 1), late));
    }

    private static Claim OfNowhere(string buyer) => Samples.Claim(Samples.Sale("nowhere"), buyer);

    /// <summary>The orders whose units gates are told to free, the latest first.</summary>
    private async Task<IReadOnlyList<OrderId>> ToldAsync() =>
        [.. (await Outbox.ReadAsync(0, 1_000, Cancel)).Reverse().Select(entry => entry.Release!.Value.Order)];
}
