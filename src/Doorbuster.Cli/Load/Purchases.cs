using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// What a crowd does after its claims: buyers pay, some never do, and those who were refused come back for the units
/// that return, until every unit is paid. What has happened it learns from the sale's feed, as a shop would.
/// </summary>
/// <remarks>
/// The follower alone calls buyers back, so many at most as there are units; the payers do what they are told. An order
/// that expired before its buyer came to paying sends that buyer back among those who wait.
/// </remarks>
/// <param name="plan">What the crowd does.</param>
/// <param name="buyers">Who they are; as many as there are claims.</param>
/// <param name="operatorToken">Reads the feed.</param>
internal sealed class Purchases(LoadPlan plan, IBuyers buyers, string operatorToken)
{
    /// <summary>Of the first orders one in so many is never paid.</summary>
    private const int NeverPaysEvery = 10;

    private const int ConnectionCount = 64;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Errand> _errands = Channel.CreateUnbounded<Errand>();
    private readonly ConcurrentQueue<int> _waiting = new();
    private readonly ConcurrentDictionary<string, int> _orders = new();
    private int _comingBack;
    private int _unanswered;
    private volatile bool _crowdIsDone;

    /// <summary>What the sale's feed has told so far.</summary>
    public FeedTally Feed { get; } = new();

    /// <summary>Orders that buyers were told of.</summary>
    public int Told => _orders.Count;

    /// <summary>Claims of those who came back that got no answer; each may have become an order.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Takes the final answer to a claim of the crowd.</summary>
    public void Note(int claim, HttpAnswer answer) => Note(claim, answer, isBack: false);

    /// <summary>The crowd has claimed; from here on only those come who come back.</summary>
    public void CrowdIsDone() => _crowdIsDone = true;

    /// <summary>Pays, follows and calls back until every unit is paid, or nothing has happened for a minute.</summary>
    public async Task RunAsync(Credentials credentials, int quantity, CancellationToken cancellationToken)
    {
        using var connections = await Connections.OpenAsync(plan.Server, ConnectionCount, cancellationToken);
        await connections.RunAsync(
            (connection, index, token) => index == 0
                ? FollowAsync(connection, quantity, token)
                : RunErrandsAsync(connection, credentials, token),
            cancellationToken);
    }

    private void Note(int claim, HttpAnswer answer, bool isBack)
    {
        if (answer.IsSuccess)
        {
            var order = JsonSerializer.Deserialize(answer.Body.Span, LoadJson.Default.GrantedOrder)!.Id;
            if (_orders.TryAdd(order, claim) && (isBack || claim % NeverPaysEvery != NeverPaysEvery - 1))
            {
                _errands.Writer.TryWrite(new Errand(claim, order));
            }
        }
        else if (answer.Status == 503 || ProblemBody.TypeName(answer.Body.Span).SequenceEqual("sold-out"u8))
        {
            // A refusal uses no key up: the same claim may be sent again.
            _waiting.Enqueue(claim);
        }
    }

    private async Task FollowAsync(HttpConnection connection, int quantity, CancellationToken cancellationToken)
    {
        try
        {
            var feed = new EventFeed(plan, operatorToken, connection);
            var sale = new SaleReader(plan, connection, TimeProvider.System);
            for (var movedAt = Stopwatch.GetTimestamp();
                Feed.Paid < quantity && Stopwatch.GetElapsedTime(movedAt) < Patience;)
            {
                if (await ReadAsync(feed, cancellationToken) || !_crowdIsDone)
                {
                    movedAt = Stopwatch.GetTimestamp();
                }

                CallBack((await sale.ReadAsync(cancellationToken)).Available);
                await Task.Delay(BetweenLooks, cancellationToken);
            }
        }
        finally
        {
            _errands.Writer.TryComplete();
        }
    }

    /// <summary>Reads what is new; false where nothing is.</summary>
    private async Task<bool> ReadAsync(EventFeed feed, CancellationToken cancellationToken)
    {
        var events = await feed.ReadAsync(cancellationToken);
        foreach (var one in events)
        {
            Feed.Count(one);
            if (one.Type == FeedTally.OrderExpired && _orders.TryGetValue(one.OrderId!, out var claim))
            {
                // The key has become an order, so the buyer comes back with another.
                _waiting.Enqueue(claim + plan.Buyers);
            }
        }

        return events.Count > 0;
    }

    private void CallBack(int available)
    {
        while (Volatile.Read(ref _comingBack) < available && _waiting.TryDequeue(out var claim))
        {
            Interlocked.Increment(ref _comingBack);
            _errands.Writer.TryWrite(new Errand(claim));
        }
    }

    private async Task RunErrandsAsync(
        HttpConnection connection, Credentials credentials, CancellationToken cancellationToken)
    {
        var request = new ClaimRequest(plan, credentials);
        await foreach (var errand in _errands.Reader.ReadAllAsync(cancellationToken))
        {
            if (errand.Order is { } order)
            {
                var bearer = await buyers.SignInAsync(errand.Claim % plan.Buyers, connection, cancellationToken);
                await Checkout.PayAsync(plan.Server, order, bearer, connection, cancellationToken);
            }
            else
            {
                await ComeBackAsync(errand.Claim, request, connection, cancellationToken);
            }
        }
    }

    private async Task ComeBackAsync(
        int claim, ClaimRequest request, HttpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            Note(claim, await connection.SendAsync(request.For(claim), cancellationToken), isBack: true);
        }
        catch (TransportException)
        {
            Interlocked.Increment(ref _unanswered);
            _waiting.Enqueue(claim);
        }
        finally
        {
            Interlocked.Decrement(ref _comingBack);
        }
    }

    /// <summary>Something to do: to pay an order, or, where there is none, to claim again.</summary>
    private readonly record struct Errand(int Claim, string? Order = null);
}
