namespace Doorbuster.Tests.Properties;

/// <summary>
/// The rules of a sale as anyone would write them down first: a dictionary of orders, and one question after another.
/// It shares nothing with the decision function but the words.
/// </summary>
internal static class NaiveRule
{
    public static IReadOnlyList<Outcome> Tell(Scenario scenario)
    {
        var orders = scenario.Before.ToDictionary(
            order => (order.Buyer, order.Key), order => (order.Units, order.Ended));
        var left = scenario.Sale?.Available ?? 0;
        var told = new List<Outcome>();
        foreach (var ask in scenario.Asks)
        {
            var outcome = TellOne(scenario, ask, orders, left);
            told.Add(outcome);
            if (outcome == Outcome.Admitted)
            {
                orders.Add((ask.Buyer, ask.Key), (ask.Units, false));
                left -= ask.Units;
            }
        }

        return told;
    }

    private static Outcome TellOne(
        Scenario scenario, Ask ask, Dictionary<(string Buyer, int Key), (int Units, bool Ended)> orders, long left)
    {
        if (scenario.Sale is null)
        {
            return Outcome.SaleUnknown;
        }

        if (orders.TryGetValue((ask.Buyer, ask.Key), out var standing))
        {
            if (standing.Ended)
            {
                return Outcome.Replayed;
            }

            return standing.Units == ask.Units ? Outcome.Replayed : Outcome.KeyReused;
        }

        if (ask.IsReplay)
        {
            return Outcome.TokenExpired;
        }

        var sale = scenario.Sale.Value;
        if (scenario.Judge.Epoch is not null && scenario.Judge.Epoch != sale.Epoch)
        {
            return Outcome.StaleEpoch;
        }

        if (scenario.Judge.Now is not null && TellWindow(sale, scenario.Judge) is { } shut)
        {
            return shut;
        }

        var mine = orders.Where(order => order.Key.Buyer == ask.Buyer).Select(order => order.Value).ToList();
        var held = mine.Where(order => !order.Ended).Sum(order => (long)order.Units);
        if (mine.Count + 1 > sale.OrdersPerBuyer || held + ask.Units > sale.PerBuyerLimit)
        {
            return Outcome.BuyerLimit;
        }

        if (left < 1)
        {
            return Outcome.SoldOut;
        }

        return ask.Units > left ? Outcome.Insufficient : Outcome.Admitted;
    }

    private static Outcome? TellWindow(SaleFacts sale, Judge judge)
    {
        if (judge.Now < sale.OpensAt && sale.Mode != SaleMode.Closed)
        {
            return Outcome.NotOpen;
        }

        if (sale.Mode == SaleMode.Paused)
        {
            return Outcome.Paused;
        }

        if (sale.Mode == SaleMode.Closed)
        {
            return Outcome.Closed;
        }

        if (sale.ClosesAt is not null && judge.Now >= sale.ClosesAt)
        {
            return Outcome.Closed;
        }

        return judge.IsFull ? Outcome.Busy : null;
    }
}
