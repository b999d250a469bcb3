using System.Collections.Concurrent;
using System.Net.Sockets;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>
/// Buyers who do not give up: whatever becomes of the server, each attempt is made again under its key until it is
/// answered. Attempts are made as they are allowed, so that a test says how much happens between two of its faults.
/// </summary>
internal sealed class StubbornCrowd : IAsyncDisposable
{
    private readonly Uri _address;
    private readonly string _sale;
    private readonly IReadOnlyList<Buyer> _buyers;
    private readonly ConcurrentDictionary<string, Receipt> _receipts = new();
    private readonly SemaphoreSlim _allowed = new(0);
    private readonly List<Task> _workers;
    private int _attempts;
    private int _retries;
    private volatile bool _goesHome;

    public StubbornCrowd(Uri address, string sale, IReadOnlyList<Buyer> buyers, int workers)
    {
        _address = address;
        _sale = sale;
        _buyers = buyers;
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Every order that was answered so far.</summary>
    public IReadOnlyCollection<Receipt> Receipts => [.. _receipts.Values];

    /// <summary>How often an attempt was made again.</summary>
    public int Retries => _retries;

    /// <summary>Lets the crowd make so many more attempts.</summary>
    public void Allow(int attempts) => _allowed.Release(attempts);

    /// <summary>Waits until so many orders were answered; a fault of the crowd itself ends the waiting.</summary>
    public Task ReachAsync(int receipts) => Waiting.UntilAsync($"{receipts} orders were answered", async () =>
    {
        if (_workers.Find(worker => worker.IsFaulted) is { } failed)
        {
            await failed;
        }

        return _receipts.Count >= receipts;
    });

    /// <summary>Lets the crowd buy until nothing is left.</summary>
    public Task BuyOutAsync()
    {
        _allowed.Release(1_000_000);
        return Task.WhenAll(_workers).WaitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>Sends whoever still buys home.</summary>
    public async ValueTask DisposeAsync()
    {
        _goesHome = true;
        _allowed.Release(_workers.Count);
        await Task.WhenAny(Task.WhenAll(_workers));
        _allowed.Dispose();
    }

    private async Task WorkAsync()
    {
        var mayFindMore = true;
        Wire? wire = null;
        while (mayFindMore)
        {
            await _allowed.WaitAsync();
            if (_goesHome)
            {
                break;
            }

            var number = Interlocked.Increment(ref _attempts);
            var attempt = new Attempt(_buyers[number % _buyers.Count], $"attempt-{number}", 1 + (number % 3));
            (wire, mayFindMore) = await PersistAsync(wire, attempt);
        }

        wire?.Dispose();
    }

    /// <summary>Makes one attempt until it is answered.</summary>
    /// <returns>The connection to go on with, and whether anything may be left.</returns>
    private async Task<(Wire? Wire, bool MayFindMore)> PersistAsync(Wire? wire, Attempt attempt)
    {
        var request = await attempt.AtAsync(_sale);
        while (!_goesHome)
        {
            try
            {
                wire ??= await ConnectAsync();
                await wire.SendAsync(request);
                var answer = await wire.ReadAnswerAsync();
                if (answer.Status != 503)
                {
                    return (wire, Take(attempt, answer));
                }
            }
            catch (Exception lost) when (lost is SocketException or IOException)
            {
                wire?.Dispose();
                wire = null;
            }

            Interlocked.Increment(ref _retries);
        }

        return (wire, false);
    }

    private bool Take(Attempt attempt, Answer answer)
    {
        if (answer.Status is 200 or 201)
        {
            Assert.True(_receipts.TryAdd(attempt.Key, Receipt.Of(attempt, answer)), $"Answered twice. {answer}");
            return true;
        }

        Assert.True(answer.Problem is "sold-out" or "insufficient-stock" or "buyer-limit-reached", answer.ToString());
        return answer.Problem != "sold-out";
    }

    private async Task<Wire> ConnectAsync()
    {
        Wire? wire = null;
        await Waiting.UntilAsync("the server could be reached", async () =>
        {
            try
            {
                wire = await Wire.ConnectAsync(_address);
                return true;
            }
            catch (SocketException)
            {
                return _goesHome;
            }
        });
        return wire ?? throw new IOException("The crowd went home.");
    }
}
