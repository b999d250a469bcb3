using Doorbuster.Payments;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.People;

/// <summary>
/// What a buyer does about an order: pays in time, late, twice or wrong, gives it up, both at once, or forgets it; and
/// what strangers try.
/// </summary>
internal sealed class Purse(World world, Buyer buyer, Draw draw)
{
    private int _foreignNames;

    /// <summary>Does one of these.</summary>
    public async Task DealAsync(Sale sale, OrderId order, int quantity)
    {
        var amount = sale.Price.Times(quantity);
        await world.WaitAsync(draw.Next(draw.Of(50, 400, 2_500)));
        if (world.Faults.Strike(FaultKind.EventForged))
        {
            await world.Provider.ForgeAsync(order, amount);
        }

        switch (draw.Next(16))
        {
            case 0 or 1:
                await CancelAsync(order);
                break;
            case 2:
                break;
            case 3:
                await world.Provider.TakeAsync(ForeignName(), order, amount with { Amount = amount.Amount + 1 });
                break;
            case 4:
                await Task.WhenAll(
                    world.Provider.TakeAsync(PaymentId.Of(order, 1), order, amount),
                    world.Provider.TakeAsync(ForeignName(), order, amount));
                break;
            case 5:
                await Task.WhenAll(CancelAsync(order), PayAsync(order, amount));
                break;
            case 6:
                await FailAndPayAsync(order, amount);
                break;
            case 7:
                await AskForPaymentAsync(order);
                break;
            case 8 or 9:
                await world.Provider.TakeAsync(ForeignName(), OrderOfNobody(order), amount);
                break;
            case 10:
                await Task.WhenAll(buyer.LookAtAsync(order), StrangerAsync(order));
                break;
            default:
                await PayAsync(order, amount);
                break;
        }
    }

    private PaymentId ForeignName() =>
        PaymentId.TryParse($"pay-{buyer.Id}-{_foreignNames++}", out var name) ? name : default;

    private static OrderId OrderOfNobody(OrderId order) =>
        order with { Key = new OrderKey(order.Key.High ^ 1, order.Key.Low) };

    private async Task PayAsync(OrderId order, Money amount)
    {
        if (await AskForPaymentAsync(order) is { } payment)
        {
            await world.WaitAsync(draw.Next(draw.Of(30, 300, 2_500)));
            await world.Provider.TakeAsync(payment, order, amount);
            if (draw.Percent(10))
            {
                await world.Provider.TakeAsync(payment, order, amount);
            }
        }
    }

    private async Task FailAndPayAsync(OrderId order, Money amount)
    {
        if (await AskForPaymentAsync(order) is { } payment)
        {
            await world.Provider.DeclineAsync(payment, order, amount);
            await PayAsync(order, amount);
        }
    }

    /// <summary>Asks where to pay; a few times where nobody knows.</summary>
    private async Task<PaymentId?> AskForPaymentAsync(OrderId order)
    {
        for (var tries = draw.Next(1, 5); tries > 0; tries--)
        {
            int? patience = draw.Percent(8) ? draw.Next(1, 30) : null;
            var reply = await world.Network.AskAsync(
                (shop, hungUp) => shop.PayAsync(buyer.Id, order, hungUp), patience);
            world.Trace.Add(buyer.Name, $"asks where to pay {OrderSheet.Short(order)}: {Reply.Text(reply)}");
            switch (reply)
            {
                case { Payment: { } payment }:
                    if (reply.Status == 200)
                    {
                        world.Auditor.Reach(Branch.PaymentFoundOpen);
                    }

                    return payment;
                case { Status: 409, OrderStatus: { } status }:
                    world.Auditor.Reach(Branch.NotPayable);
                    world.Auditor.Story.ToldState(order, reply.Problem!, status);
                    return null;
                case { Problem: "payment-unavailable" }:
                    world.Auditor.Reach(Branch.PaymentUnavailable);
                    break;
            }

            await world.WaitAsync(draw.Next(5, 100));
        }

        return null;
    }

    private async Task CancelAsync(OrderId order)
    {
        for (var tries = draw.Next(1, 4); tries > 0; tries--)
        {
            var ask = world.Auditor.Story.AsksAbout(order);
            var reply = await world.Network.AskAsync((shop, hungUp) => shop.CancelAsync(buyer.Id, order, hungUp));
            world.Trace.Add(buyer.Name, $"cancels {OrderSheet.Short(order)}: {Reply.Text(reply)}");
            switch (reply)
            {
                case { Order: { } sheet }:
                    world.Auditor.Story.Told(ask, buyer.Id, sheet);
                    if (sheet.Status != OrderStatus.Cancelled)
                    {
                        world.Auditor.Break("I4 everyone is told the truth", $"Cancelled, and yet {sheet}.");
                    }

                    return;
                case { Status: 409, OrderStatus: { } status }:
                    world.Auditor.Reach(Branch.CancelRefused);
                    world.Auditor.Story.ToldState(order, reply.Problem!, status);
                    return;
                case { Status: 404 }:
                    world.Auditor.Story.ToldOfNone(ask, buyer.Id, order);
                    return;
            }

            await world.WaitAsync(draw.Next(5, 100));
        }
    }

    /// <summary>To anyone else the order does not exist.</summary>
    private async Task StrangerAsync(OrderId order)
    {
        var stranger = BuyerId.Parse("stranger");
        var reply = draw.Percent(50)
            ? await world.Network.AskAsync((shop, hungUp) => shop.CancelAsync(stranger, order, hungUp))
            : await world.Network.AskAsync((shop, hungUp) => shop.ShowOrderAsync(stranger, order, hungUp));
        world.Trace.Add("stranger", $"wants {OrderSheet.Short(order)}: {Reply.Text(reply)}");
        if (reply is { SaysNothing: false, Status: not 404 })
        {
            world.Auditor.Break("I4 an order is its buyer's alone", $"A stranger was told {reply}.");
        }
        else if (reply?.Status == 404)
        {
            world.Auditor.Reach(Branch.StrangerRefused);
        }
    }
}
