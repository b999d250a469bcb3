namespace Doorbuster.Chaos;

/// <summary>
/// A crowd that never sees who is down: each buyer asks any node, sometimes two at once, and asks again under the same
/// key until something definite is said. Some pay, some give back, some do neither.
/// </summary>
internal sealed class Rush(Cluster cluster, ChaosPlan plan, IReadOnlyList<string> sales, History history)
{
    private const long Price = 1999;

    private volatile bool _isOver;
    private int _visits;

    /// <summary>Lets buyers come, one after another, until the crowd is sent home and all are answered.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, plan.AtOnce).Select(_ => Task.Run(ComeAndGoAsync)));

    /// <summary>Nobody else comes.</summary>
    public void End() => _isOver = true;

    private async Task ComeAndGoAsync()
    {
        while (!_isOver)
        {
            var visit = Interlocked.Increment(ref _visits);
            await VisitAsync(visit, new Random(HashCode.Combine(plan.Seed, visit)));
        }
    }

    private async Task VisitAsync(int visit, Random random)
    {
        var buyer = $"buyer-{visit % plan.Buyers}";
        var attempt = history.Begin(
            buyer, sales[random.Next(sales.Count)], $"visit-{visit}", random.Next(1, plan.Limit + 1));
        var first = random.Next(cluster.Apis.Count);
        if (random.NextDouble() < 0.15)
        {
            // A double click, by two ways at once.
            await Task.WhenAll(PersistAsync(attempt, first), PersistAsync(attempt, first + 1));
        }
        else
        {
            await PersistAsync(attempt, first);
        }

        if (attempt.Order is { } order)
        {
            await GoOnAsync(attempt, order, random);
        }
    }

    /// <summary>Asks one node after another until one says something definite.</summary>
    private async Task PersistAsync(Attempt attempt, int node)
    {
        while (true)
        {
            var sentAt = DateTimeOffset.UtcNow;
            var answer = await AskAsync(node++, api => Claims.SendAsync(api, attempt));
            if (answer is not null && attempt.Take(answer, sentAt, history.Complain))
            {
                return;
            }

            await Waiting.ForComebackAsync(Random.Shared.NextDouble() * TimeSpan.FromMilliseconds(400), failures: 0);
        }
    }

    private async Task GoOnAsync(Attempt attempt, string order, Random random)
    {
        var mood = random.NextDouble();
        var jwt = Jwt.ForBuyer(attempt.Buyer);
        if (mood < 0.5)
        {
            await PayAsync(attempt, order, jwt, random);
        }
        else if (mood < 0.65)
        {
            await UntilAnsweredAsync(api => api.PostAsync($"/v1/orders/{order}/cancel", jwt));
        }
    }

    private async Task PayAsync(Attempt attempt, string order, string jwt, Random random)
    {
        // A queued order cannot be paid yet; one that was lost or has ended never.
        Answer begun;
        do
        {
            begun = await UntilAnsweredAsync(api => api.PostAsync($"/v1/orders/{order}/payments", jwt, "{}"));
            await Waiting.ForComebackAsync(Random.Shared.NextDouble() * TimeSpan.FromMilliseconds(200), failures: 0);
        }
        while (begun.Problem == "order-not-payable" && await IsQueuedAsync(order, jwt));

        if (begun.Status is not (200 or 201))
        {
            return;
        }

        var payment = begun.Text("paymentId");
        var amount = Price * attempt.Quantity;
        var told = random.NextDouble() < 0.2 ? 2 : 1;
        for (var time = 0; time < told; time++)
        {
            var answer = await UntilAnsweredAsync(
                api => new Events(api, TimeProvider.System).CaptureAsync(payment, order, amount));
            if (answer.Status != 200)
            {
                history.Complain($"Money was not noted: {answer}");
                return;
            }
        }

        history.Captured(order, payment, amount);
    }

    private async Task<bool> IsQueuedAsync(string order, string jwt)
    {
        var answer = await UntilAnsweredAsync(api => api.GetAsync($"/v1/orders/{order}", jwt));
        if (answer.Status == 404)
        {
            history.Complain($"An order that was answered is not known: {answer}");
            return false;
        }

        return answer.Text("status") == "queued";
    }

    /// <summary>Makes a call of any node, again and again, until it is answered with more than "later".</summary>
    private async Task<Answer> UntilAnsweredAsync(Func<Api, Task<Answer>> call)
    {
        for (var node = Random.Shared.Next(cluster.Apis.Count); ; node++)
        {
            if (await AskAsync(node, call) is { Status: not 503 } answer)
            {
                return answer;
            }

            await Waiting.ForComebackAsync(Random.Shared.NextDouble() * TimeSpan.FromMilliseconds(400), failures: 0);
        }
    }

    /// <summary>Null where nobody answered.</summary>
    private async Task<Answer?> AskAsync(int node, Func<Api, Task<Answer>> call)
    {
        try
        {
            return await call(cluster.Apis[node % cluster.Apis.Count]);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
