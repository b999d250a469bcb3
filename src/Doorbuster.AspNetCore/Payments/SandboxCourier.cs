using System.Threading.Channels;
using Doorbuster.Payments;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// Delivers events to the server's own <c>POST /v1/payment-events</c>, over HTTP like anyone else's. The events of one
/// round go one after the other; rounds go side by side. What is not taken is sent again, after twice the time.
/// </summary>
/// <remarks>
/// Invariant: a round is accepted or not as a whole, and no more than its capacity are accepted and not yet ended,
/// however long they wait. Tests: <c>SandboxTests</c>.
/// </remarks>
/// <param name="keys">What signs the events.</param>
/// <param name="clock">When they are sent.</param>
/// <param name="capacity">Rounds that may wait; what is more is refused.</param>
/// <param name="logger">Told of what could not be delivered.</param>
internal sealed partial class SandboxCourier(
    WebhookKeys keys, TimeProvider clock, int capacity, ILogger logger) : IDisposable
{
    private const int Couriers = 32;
    private const int MaxTries = 16;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Staleness = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http = OutgoingHttp.Open(Couriers, Timeout, isToSelf: true);
    private readonly Channel<Round> _ready = Channel.CreateUnbounded<Round>();
    private readonly CancellationTokenSource _stop = new();
    private int _accepted;

    /// <summary>Rounds that have not ended.</summary>
    public int Depth => Volatile.Read(ref _accepted);

    /// <summary>Takes events on; false where too many wait.</summary>
    /// <param name="events">The events, in the order in which they are sent.</param>
    /// <param name="plan">How long the first waits, and how often each is lost.</param>
    /// <param name="ended">Told once all are delivered or given up.</param>
    public bool TryAccept(IReadOnlyList<SandboxEvent> events, SandboxPlan plan, Action? ended = null)
    {
        if (Interlocked.Increment(ref _accepted) > capacity)
        {
            Interlocked.Decrement(ref _accepted);
            return false;
        }

        var round = new Round(events, plan.Lose, ended);
        if (plan.Delay > TimeSpan.Zero)
        {
            _ = LaterAsync(round, plan.Delay);
        }
        else
        {
            _ready.Writer.TryWrite(round);
        }

        return true;
    }

    /// <summary>Delivers until it is disposed of.</summary>
    /// <param name="target">Where events go.</param>
    public void Start(Uri target)
    {
        for (var i = 0; i < Couriers; i++)
        {
            _ = DeliverAsync(target, _stop.Token);
        }
    }

    /// <summary>Ends it; what is under way may or may not have arrived.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _http.Dispose();
    }

    private async Task DeliverAsync(Uri target, CancellationToken cancellationToken)
    {
        await foreach (var round in _ready.Reader.ReadAllAsync(cancellationToken))
        {
            while (round.Next is { } next && await TryDeliverAsync(target, round, next, cancellationToken))
            {
                round.Advance();
            }

            if (round.Next is null)
            {
                Interlocked.Decrement(ref _accepted);
                round.Ended?.Invoke();
            }
            else
            {
                _ = LaterAsync(round, WaitAfter(round.Tries));
            }
        }
    }

    /// <summary>Sends an event once; true where that was the last time.</summary>
    private async Task<bool> TryDeliverAsync(
        Uri target, Round round, SandboxEvent next, CancellationToken cancellationToken)
    {
        round.Tries++;
        if (round.Tries <= round.Lose)
        {
            return false;
        }

        try
        {
            using var request = RequestOf(target, next);
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            if (status is 408 or 429 or >= 500)
            {
                return IsGivenUp(round, next, $"answered {status}");
            }

            if (status >= 300)
            {
                // It was read, and will not be read otherwise another time.
                Log.SandboxEventRefused(logger, next.Message.Id, status);
            }

            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return IsGivenUp(round, next, fault.Message);
        }
    }

    private bool IsGivenUp(Round round, SandboxEvent next, string why)
    {
        if (round.Tries - round.Lose < MaxTries)
        {
            return false;
        }

        Log.SandboxEventGivenUp(logger, next.Message.Id, MaxTries, why);
        return true;
    }

    private HttpRequestMessage RequestOf(Uri target, SandboxEvent next)
    {
        var now = clock.GetUtcNow();
        var request = next.Message.ToRequest(target, keys, next.IsStale ? now - Staleness : now);
        if (next.IsForged)
        {
            // A space more is the same JSON, and not what was signed.
            var type = request.Content!.Headers.ContentType;
            request.Content = new ByteArrayContent([.. next.Message.Body, (byte)' ']);
            request.Content.Headers.ContentType = type;
        }

        return request;
    }

    private async Task LaterAsync(Round round, TimeSpan wait)
    {
        await Task.Delay(wait, clock, _stop.Token);
        _ready.Writer.TryWrite(round);
    }

    private static TimeSpan WaitAfter(int tries)
    {
        var wait = ShortestWait * Math.Pow(2, Math.Min(tries - 1, 16));
        return wait < LongestWait ? wait : LongestWait;
    }

    /// <summary>Events that go one after the other.</summary>
    private sealed class Round(IReadOnlyList<SandboxEvent> events, int lose, Action? ended)
    {
        private int _next;

        public SandboxEvent? Next => _next < events.Count ? events[_next] : null;

        public int Lose => lose;

        public Action? Ended => ended;

        /// <summary>How often the next event was tried.</summary>
        public int Tries { get; set; }

        public void Advance()
        {
            _next++;
            Tries = 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.SandboxEventRefused, LogLevel.Debug,
            "The sandbox's event {Event} was refused with {Status}; it is not sent again.")]
        public static partial void SandboxEventRefused(ILogger logger, string @event, int status);

        [LoggerMessage(
            EventIds.SandboxEventGivenUp, LogLevel.Warning,
            "The sandbox could not deliver its event {Event} in {Tries} tries, and gives it up: {Why}")]
        public static partial void SandboxEventGivenUp(ILogger logger, string @event, int tries, string why);
    }
}
