using System.Collections.Concurrent;

namespace Doorbuster.Chaos;

/// <summary>What buyers attempted and were told, in their own words: all that the verdict is made from.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly ConcurrentQueue<Capture> _captures = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    public IReadOnlyCollection<Capture> Captures => _captures;

    /// <summary>What buyers noticed themselves.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Writes an attempt down, before it is made.</summary>
    public Attempt Begin(string buyer, string sale, string key, int quantity)
    {
        var attempt = new Attempt(buyer, sale, key, quantity);
        _attempts.Enqueue(attempt);
        return attempt;
    }

    public void Captured(string order, string payment, long amount) =>
        _captures.Enqueue(new Capture(order, payment, amount));

    public void Complain(string what) => _complaints.Enqueue(what);
}

/// <summary>A buyer's wish under one key, however often it was sent.</summary>
internal sealed record Attempt(string Buyer, string Sale, string Key, int Quantity)
{
    private readonly Lock _lock = new();

    /// <summary>The order that it was answered with; null where none was.</summary>
    public string? Order { get; private set; }

    /// <summary>Why it was refused last; null where it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>When what was refused last had been sent.</summary>
    public DateTimeOffset RefusedAt { get; private set; }

    /// <summary>Whether anything definite was answered.</summary>
    public bool IsAnswered => Order is not null || Refusal is not null;

    /// <summary>Takes an answer down.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="sentAt">When the request was sent.</param>
    /// <param name="complain">Told where it contradicts an earlier one.</param>
    /// <returns>Whether it was definite.</returns>
    public bool Take(Answer answer, DateTimeOffset sentAt, Action<string> complain)
    {
        lock (_lock)
        {
            switch (answer)
            {
                case { Status: 200 or 201 or 202 }:
                    var order = answer.Text("id");
                    if (Order is not null && Order != order)
                    {
                        complain($"One key, two orders: {Order} and {order}. {this}");
                    }

                    Order = order;
                    return true;
                case { Problem: "sold-out" or "insufficient-stock" or "buyer-limit-reached" or "order-rejected" }:
                    (Refusal, RefusedAt) = (answer.Problem, sentAt);
                    return true;
                case { Status: 503 }:
                    return false;
                default:
                    complain($"No answer that a claim should have: {answer}");
                    return true;
            }
        }
    }
}

/// <summary>Money that was taken, and that the server said it had noted.</summary>
internal sealed record Capture(string Order, string Payment, long Amount);
