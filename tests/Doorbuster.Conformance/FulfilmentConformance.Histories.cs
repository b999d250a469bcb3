using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>A log that gives everything twice, late and out of order, ends as the reference has it.</summary>
public abstract partial class FulfilmentConformance
{
    private const int Seeds = 12;
    private const int Steps = 40;

    [Fact]
    public async Task Random_histories_of_a_log_end_as_the_reference_has_them()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var sale = await CreateSaleAsync($"seed-{seed}", quantity: 14, limit: 3);
            var reference = new InMemoryStore();
            await reference.CreateAsync(sale, Cancel);
            var random = new Random(seed);
            var epoch = (await Sales.ReportAsync(sale.Id, Cancel))!.Epoch;
            for (var step = 0; step < Steps; step++)
            {
                epoch += await StepAsync(reference, sale, random, epoch) ? 1 : 0;
            }

            var (orders, stock) = reference.Contents(sale.Id);
            Assert.Equal((stock.Available, stock.Reserved, stock.Sold), await UnitsAsync(sale));
            Assert.Equal(orders, await _store!.Ledger.FindAsync([.. orders.Select(order => order.Id)], Cancel));
            Assert.Equal(
                await reference.EventsAsync(sale.Id, 0, 1_000, Cancel),
                await Orders.EventsAsync(sale.Id, 0, 1_000, Cancel));
            Assert.Equal(
                (await reference.ReadAsync(0, 1_000, Cancel)).Select(entry => (entry.Epoch, entry.Release)),
                (await Outbox.ReadAsync(0, 10_000, Cancel)).Where(entry => entry.Sale == sale.Id)
                    .Select(entry => (entry.Epoch, entry.Release)));
        }
    }

    /// <summary>Does one thing to both.</summary>
    /// <returns>Whether the epoch was raised.</returns>
    private async Task<bool> StepAsync(InMemoryStore reference, Sale sale, Random random, long epoch)
    {
        var dice = random.Next(20);
        if (dice == 0)
        {
            await reference.TakeOverAsync(Cancel);
            await Sales.TakeOverAsync(Cancel);
            return true;
        }

        if (dice < 4)
        {
            OrderCommand[] cancel = [new OrderCommand.Cancel(Draw(sale, random).Order)];
            Assert.Equal(
                await reference.ApplyAsync(cancel, Samples.Noon, Cancel),
                await Orders.ApplyAsync(cancel, Samples.Noon, Cancel));
            return false;
        }

        AdmittedBatch[] entries = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Entry(
            sale, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Draw(sale, random))]) with
        {
            Epoch = epoch - (random.Next(6) == 0 ? 1 : 0),
        })];
        Assert.Equal(await reference.FulfilAsync(entries, Cancel), await FulfilAsync(entries));
        return false;
    }

    private static Claim Draw(Sale sale, Random random) => Samples.Claim(
        sale, $"buyer-{random.Next(7)}", $"k{random.Next(4)}", random.Next(1, 3));
}
