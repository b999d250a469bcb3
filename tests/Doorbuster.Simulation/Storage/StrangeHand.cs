using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Storage;

/// <summary>
/// A program that is not ours: it knows the tables and keeps the law, and asks no gate. What it writes counts as an
/// admission, by which the next commit of a gate in memory finds out that it does not know the sale any more; where
/// the store is the gate, it is known like any other order.
/// </summary>
internal static class StrangeHand
{
    private const FaultKind Kind = FaultKind.StrangeHand;

    /// <summary>Writes an order, if the fault strikes and the law leaves room for one.</summary>
    /// <returns>Whether it has written one.</returns>
    public static bool Strike(World world)
    {
        if (!world.Faults.Strike(Kind))
        {
            return false;
        }

        if (world.Site is not null)
        {
            // It waits for the lock of its sale like everyone else.
            world.Disk.Settle();
        }

        var sales = world.Store.Sales.ToArray();
        var row = sales[world.Faults.Next(Kind, 0, sales.Length)];
        var buyer = BuyerId.Parse($"buyer{world.Faults.Next(Kind, 0, world.Terms.Buyers)}");
        var holder = world.Auditor.Truth.Find(row.Sale.Id)!.BuyerOf(buyer);
        if (row.Sale.Mode != SaleMode.Active || row.Stock.Available == 0
            || holder.Held == row.Sale.PerBuyerLimit || holder.Orders == World.OrdersPerBuyer)
        {
            return false;
        }

        var now = RealmClock.Start.AddMilliseconds((int)(world.Agenda.Now / TimeSpan.TicksPerMillisecond));
        var order = new Order(
            new OrderId(row.Sale.Id, new OrderKey((ulong)world.Faults.Next(Kind, 0, int.MaxValue) << 32, 0)), buyer, 1,
            row.Sale.Price, OrderStatus.Reserved, 1, now, now, now + row.Sale.PaymentWindow);
        world.Store.AdmitUnseen(order);
        world.Trace.Add("stranger", $"writes {Http.OrderSheet.Of(order)} for {buyer}");
        return true;
    }
}
