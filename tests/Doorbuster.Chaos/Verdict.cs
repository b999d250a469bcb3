using System.Collections.Concurrent;
using System.Text.Json;

namespace Doorbuster.Chaos;

/// <summary>
/// Judges a run that has come to rest by what its buyers were told, the contract, and the audit; by nothing that the
/// servers know of themselves.
/// </summary>
internal sealed class Verdict(Api api, ChaosPlan plan, IReadOnlyList<string> sales, History history)
{
    private static readonly string[] Ended = ["paid", "cancelled", "expired", "rejected"];

    private readonly ConcurrentQueue<string> _breaches = new();
    private readonly ConcurrentDictionary<string, int> _states = new();
    private int _foundLost;

    /// <summary>Every breach of the law, and every lie.</summary>
    public IReadOnlyCollection<string> Breaches => _breaches;

    /// <summary>How many orders ended how.</summary>
    public IReadOnlyDictionary<string, int> States => _states;

    /// <summary>
    /// Claims that were refused once and admitted by another click of theirs, after units had come back.
    /// </summary>
    public int AdmittedAfterAll { get; private set; }

    /// <summary>
    /// Claims that had been answered with an order and were lost with all who knew of them: nobody told their buyers
    /// before they asked.
    /// </summary>
    public int FoundLost => _foundLost;

    /// <summary>Adds what else must not have happened.</summary>
    public void Add(IEnumerable<string> breaches)
    {
        foreach (var breach in breaches)
        {
            _breaches.Enqueue(breach);
        }
    }

    public async Task JudgeAsync()
    {
        Add(history.Complaints);
        foreach (var sale in sales)
        {
            await RestAsync(sale);
        }

        await EachAsync(history.Attempts, ReplayAsync);
        await EachAsync(history.Captures, FindMoneyAsync);
        foreach (var sale in sales)
        {
            await JudgeSaleAsync(sale);
        }
    }

    /// <summary>
    /// Waits until nothing is queued and every reservation has ended or is paid, buys what is left to the last unit,
    /// and closes the sale.
    /// </summary>
    private async Task RestAsync(string sale)
    {
        var rest = await Answers.UntilAsync(
            "nothing was queued or reserved, and gate and store agreed",
            () => api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator()),
            answer => answer.Status == 200 && answer.Number("queued") == 0 && answer.Number("reserved") == 0
                && answer.Json.GetProperty("lawHolds").GetBoolean()
                && answer.Json.GetProperty("gateAvailable").ValueKind == JsonValueKind.Number
                && answer.Number("gateAvailable") == answer.Number("available"),
            TimeSpan.FromMinutes(3));
        await BuyOutAsync(sale, (int)rest.Number("available"));
        await Answers.UntilAsync(
            "the sale was closed", () => api.OperateAsync(sale, "close"), answer => answer.Status == 200);
    }

    /// <summary>Whatever is not sold can be bought, by people who have nothing yet, and not one unit more.</summary>
    private async Task BuyOutAsync(string sale, int left)
    {
        await Answers.UntilAsync(
            "reservations are kept for an hour",
            async () => await api.PatchAsync(
                sale, (await api.SaleAsync(sale)).Header("ETag"), """{"paymentWindow":"PT1H"}"""),
            answer => answer.Status == 200);
        var fresh = Enumerable.Range(0, left).Select(n => history.Begin($"late-{n}", sale, "late", 1));
        await EachAsync([.. fresh], async attempt =>
        {
            await Answers.UntilAsync("it was answered", () => Claims.SendAsync(api, attempt), answer =>
                attempt.Take(answer, DateTimeOffset.UtcNow, _breaches.Enqueue));
            Check(attempt.Order is not null, $"There was a unit left, and it could not be bought: {attempt}");
        });
        var none = history.Begin("last", sale, "last", 1);
        await Answers.UntilAsync("the last was answered", () => Claims.SendAsync(api, none), answer =>
            none.Take(answer, DateTimeOffset.UtcNow, _breaches.Enqueue));
        Check(none.Refusal == "sold-out", $"Everything was sold, and then this: {none}");
    }

    /// <summary>
    /// Asks once more under an attempt's key, at a sale that is closed: who has an order is told of it, of the same
    /// one, and nobody else has any.
    /// </summary>
    private async Task ReplayAsync(Attempt attempt)
    {
        var answer = await Answers.UntilAsync(
            "a replay was answered", () => Claims.SendAsync(api, attempt), found => found.Status is not (503 or 202));
        if (answer.Status != 200)
        {
            // A long run's purchase tokens have expired by now: who has an order is told of it nevertheless.
            Check(
                answer.Problem is "sale-closed" or "purchase-token-invalid",
                $"No answer of a closed sale: {answer}. {attempt}");
            if (attempt.Order is null)
            {
                return;
            }

            answer = await FindLostAsync(attempt, attempt.Order);
        }

        var status = answer.Text("status");
        _states.AddOrUpdate(status, 1, (_, count) => count + 1);
        Check(attempt.Order is null || attempt.Order == answer.Text("id"), $"Another order: {answer}. {attempt}");
        Check(
            Ended.Contains(status) || (status == "reserved" && attempt.Key is "late"),
            $"An order that never ends: {answer}. {attempt}");
        Check(
            status == "rejected" || answer.Number("quantity") == attempt.Quantity, $"Another quantity: {answer}");
        if (attempt.Refusal is not null && attempt.Order is null)
        {
            // Two clicks are two chances: the second may find units that came back after the first was refused.
            Check(
                DateTimeOffset.Parse(answer.Text("createdAt"), null) >= attempt.RefusedAt || status == "rejected",
                $"Refused while it had an order: {answer}. {attempt}");
            AdmittedAfterAll++;
        }
    }

    /// <summary>
    /// A claim that was queued and lost with everyone who knew it looks new to the gate, which is closed. Who asks for
    /// the order is told what became of it, and from then on so is who repeats the claim (docs/adr/0009).
    /// </summary>
    /// <returns>What the repeated claim is answered.</returns>
    private async Task<Answer> FindLostAsync(Attempt attempt, string order)
    {
        var told = await Answers.UntilAsync(
            "what became of an order was known",
            () => api.GetAsync($"/v1/orders/{order}", Jwt.ForBuyer(attempt.Buyer)),
            found => found.Status == 200 && found.Text("status") != "queued");
        Check(
            told.Text("status") == "rejected" && told.Text("reason") == "admission_lost",
            $"Refused while it had an order: {told}. {attempt}");
        Interlocked.Increment(ref _foundLost);
        return await Answers.UntilAsync(
            "a lost claim was known", () => Claims.SendAsync(api, attempt), found => found.Status == 200);
    }

    /// <summary>Money bought an order, or went back.</summary>
    private async Task FindMoneyAsync(Capture capture)
    {
        var answer = await Answers.UntilAsync(
            "money was settled",
            () => api.GetAsync($"/v1/orders/{capture.Order}", Jwt.ForOperator()),
            found => found.Status == 200 && (found.Text("status") == "paid" || PaymentOf(found) is "refunded"));
        Check(
            answer.Text("status") != "paid" || PaymentOf(answer) is "captured" or "refunded",
            $"Money and orders do not agree: {answer}. {capture}");
    }

    private static string? PaymentOf(Answer order) =>
        order.Json.TryGetProperty("payment", out var payment) && payment.ValueKind == JsonValueKind.Object
            ? payment.GetProperty("status").GetString()
            : null;

    private async Task JudgeSaleAsync(string sale)
    {
        var audit = await Answers.UntilAsync(
            "the audit agreed",
            () => api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator()),
            answer => answer.Status == 200 && answer.Json.GetProperty("lawHolds").GetBoolean());
        Check(audit.Json.GetProperty("differences").GetArrayLength() == 0, $"Differences: {audit}");
        Check(audit.Number("available") == 0 && audit.Number("queued") == 0, $"Not sold to the last unit: {audit}");
        Check(
            audit.Number("reserved") + audit.Number("sold") == plan.Quantity, $"Not as many as there were: {audit}");
        var feed = await Feed.ReadAsync(api, sale, limit: 1_000);
        var known = history.Attempts.Select(attempt => attempt.Order).ToHashSet();
        var answered = await KnownAsync(sale);
        foreach (var order in feed.Select(item => item.OrderId).OfType<string>().Distinct())
        {
            Check(known.Contains(order) || answered.Contains(order), $"Nobody attempted order {order}.");
        }
    }

    /// <summary>The limit of every buyer; and every order that buyers have, whoever was told of it.</summary>
    private async Task<HashSet<string>> KnownAsync(string sale)
    {
        var known = new ConcurrentBag<string>();
        var buyers = history.Attempts.Where(attempt => attempt.Sale == sale).GroupBy(attempt => attempt.Buyer);
        await EachAsync([.. buyers], async own =>
        {
            var list = (await api.GetAsync(
                $"/v1/orders?saleId={sale}&buyerId={own.Key}&limit=100", Jwt.ForOperator())).Is(200);
            var orders = list.Json.GetProperty("items").EnumerateArray().ToList();
            Check(orders.Count <= own.Count(), $"{own.Key} has {orders.Count} orders of {own.Count()} attempts.");
            var held = orders
                .Where(order => order.GetProperty("status").GetString() is "reserved" or "paid")
                .Sum(order => order.GetProperty("quantity").GetInt32());
            Check(held <= plan.Limit, $"{own.Key} holds {held} of sale {sale}, and may hold {plan.Limit}.");
            foreach (var order in orders)
            {
                known.Add(order.GetProperty("id").GetString()!);
            }
        });
        return [.. known];
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            _breaches.Enqueue(otherwise);
        }
    }

    private static Task EachAsync<T>(IReadOnlyCollection<T> all, Func<T, Task> judge) => Parallel.ForEachAsync(
        all, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (one, _) => await judge(one));
}
