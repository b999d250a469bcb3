using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;

namespace Doorbuster.Simulation.People;

/// <summary>All who still want units of one sale when faults are over.</summary>
/// <param name="world">The world.</param>
/// <param name="no">The sale's number in it.</param>
internal sealed class Demand(World world, int no)
{
    private readonly Sale _sale = world.Terms.Sales[no];

    /// <summary>I2: whoever wants a unit that is left gets it, until nothing is left.</summary>
    public async Task SellOutAsync(IReadOnlyList<Buyer> buyers)
    {
        var truth = world.Auditor.Truth.Find(_sale.Id)!;
        if (truth.Row.Sale.StateAt(world.Clock.GetUtcNow()) != SaleState.Open)
        {
            return;
        }

        var left = (int)truth.Row.Stock.Available;
        var known = buyers.Where(buyer => HasRoom(truth, buyer.Id)).Take(left).ToArray();
        var strangers = Enumerable.Range(0, left - known.Length)
            .Select(place => new Buyer(world, Newcomer(place))).ToArray();
        var replies = await Task.WhenAll(known.Concat(strangers).Select(WantOneAsync));
        foreach (var reply in replies)
        {
            if (reply is not { Status: 201 } && !IsOver())
            {
                world.Auditor.Break(
                    "I2 all demand is served",
                    $"{left} units of {_sale.Id} were left, and one who wanted one was told {Reply.Text(reply)}.");
            }
        }

        world.Auditor.Reach(Branch.DemandServed);
        var last = await new Buyer(world, Newcomer(left)).WantOneAsync(_sale);
        if (last?.Problem == "sold-out" && HasLongHadUnits(truth))
        {
            // A claim under way holds the last unit before the store knows of it: it shows only over a second.
            last = await WantOneAsync(new Buyer(world, Newcomer(left + 1)));
        }

        if (last?.Problem == "sold-out")
        {
            world.Auditor.Reach(Branch.EverythingSold);
            if (HasLongHadUnits(truth))
            {
                world.Auditor.Break(
                    "I2 a unit that came back can be bought",
                    $"{_sale.Id} is told to be sold out, with {truth.Row.Stock}.");
            }
        }
        else if (last is not { Status: 201 } && !IsOver())
        {
            world.Auditor.Break("I2 everything is sold", $"The one after the last unit was told {Reply.Text(last)}.");
        }
    }

    private bool HasLongHadUnits(SaleTruth truth) =>
        !truth.IsEmpty && world.Agenda.Now - truth.LastEmptyAt > TimeSpan.TicksPerSecond;

    /// <summary>
    /// A unit whose reservation ended just now can be bought within a second, and a token that a clock has made
    /// old is taken anew.
    /// </summary>
    private async Task<Reply?> WantOneAsync(Buyer buyer)
    {
        var reply = await buyer.WantOneAsync(_sale);
        for (var tries = 0; tries < 4 && reply is { Status: 403 or 409 }; tries++)
        {
            await world.WaitAsync(300);
            reply = await buyer.WantOneAsync(_sale);
        }

        return reply;
    }

    private bool IsOver() =>
        world.Auditor.Truth.Find(_sale.Id)!.Row.Sale.StateAt(world.Clock.GetUtcNow()) != SaleState.Open;

    private int Newcomer(int place) => Buyer.FirstNewcomer + (world.Terms.Sales.Count * place) + no;

    private static bool HasRoom(SaleTruth truth, BuyerId buyer)
    {
        var holder = truth.BuyerOf(buyer);
        return holder.Held < truth.Row.Sale.PerBuyerLimit && holder.Orders < World.OrdersPerBuyer;
    }
}
