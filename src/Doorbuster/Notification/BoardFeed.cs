using System.Threading.Channels;
using Doorbuster.Telemetry;

namespace Doorbuster.Notification;

/// <summary>
/// Tells operators' dashboards the figures, once a second. One look is for all who watch, and nobody looks while nobody
/// watches.
/// </summary>
/// <remarks>
/// Invariant: a watcher's first message has <see cref="LiveMessage.OfFigures.IsFirst"/>, and two looks begin at least
/// <see cref="Pace"/> apart, however many come and go. Tests: <c>BoardFeedTests</c>.
/// </remarks>
/// <param name="look">Looks, given the sales that somebody asks for.</param>
/// <param name="limits">How many watchers there may be, and how many messages wait for one.</param>
/// <param name="clock">The time.</param>
/// <param name="instruments">Count who is dropped; nothing is counted where null.</param>
public sealed class BoardFeed(
    Func<IReadOnlyCollection<SaleId>, CancellationToken, Task<Figures>> look, Limits limits, TimeProvider clock,
    Instruments? instruments = null) : IWatched
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Seat> _seats = [];

    // Somebody has come: one such word is enough, however many come.
    private readonly Channel<bool> _arrival = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private Figures? _last;
    private long _lookedAt;
    private long _beat;
    private int _joined;
    private long? _drainBegan;

    /// <summary>How many watch now.</summary>
    public int Watchers
    {
        get
        {
            lock (_lock)
            {
                return _seats.Count;
            }
        }
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="only">The only sale to be told of; null for all that are shown.</param>
    /// <param name="cut">
    /// Cuts the connection of a watcher that was dropped. It returns at once, may be called again, and is called until
    /// the watcher is disposed.
    /// </param>
    /// <returns>The watcher; null where there are too many, or the feed drains: try again later.</returns>
    public Watcher? Watch(SaleId? only, Action cut)
    {
        lock (_lock)
        {
            if (_drainBegan is not null || _seats.Count >= limits.BoardWatchers)
            {
                return null;
            }

            _joined = (_joined + 1) % Round.Beats;
            var watcher = new Watcher(this, only ?? default, buyer: null, limits.WatcherQueue, cut) { Beat = _joined };
            var seat = new Seat(watcher, only);
            _seats.Add(seat);
            if (_last is { } figures && clock.GetElapsedTime(_lookedAt) < Pace && seat.IsIn(figures))
            {
                seat.Tell(new Edition(figures), round: null);
            }

            _arrival.Writer.TryWrite(true);
            return watcher;
        }
    }

    /// <summary>
    /// Takes no more watchers and ends those there are. Each is sent what waits for it; who has not left after
    /// <see cref="LiveFeed.DrainTime"/> is cut off.
    /// </summary>
    public void Drain()
    {
        lock (_lock)
        {
            _drainBegan ??= clock.GetTimestamp();
            _seats.ForEach(seat => seat.Watcher.EndBy(WatchEnd.Draining));
        }
    }

    /// <summary>Looks once a second, while anybody watches, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Watchers == 0)
            {
                await _arrival.Reader.ReadAsync(cancellationToken);
                _beat = Beat();
            }

            if (_last is not null && Pace - clock.GetElapsedTime(_lookedAt) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, clock, cancellationToken);
            }

            if (Watchers > 0)
            {
                await TellAsync(cancellationToken);
            }
        }
    }

    void IWatched.Remove(Watcher watcher)
    {
        lock (_lock)
        {
            _seats.RemoveAll(seat => ReferenceEquals(seat.Watcher, watcher));
        }
    }

    void IWatched.Know(Watcher watcher, IReadOnlyList<Order> orders)
    {
        // Figures are told anew with each look, whatever was told before.
    }

    void IWatched.NoteDropped() => instruments?.Watchers.CountDropped();

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var asked = Asked();
        var begun = clock.GetTimestamp();
        var figures = await look(asked, cancellationToken);
        var last = _beat;
        _beat = Beat();
        Round round;
        lock (_lock)
        {
            (_last, _lookedAt) = (figures, begun);
            round = new Round(
                figures.At, (int)((last + 1) % Round.Beats), (int)Math.Min(Round.Beats, _beat - last),
                _drainBegan is { } began && clock.GetElapsedTime(began) >= LiveFeed.DrainTime);
            var edition = new Edition(figures);
            foreach (var seat in _seats)
            {
                seat.Tell(edition, round);
            }
        }

        round.CutTheSlow();
    }

    private HashSet<SaleId> Asked()
    {
        lock (_lock)
        {
            return [.. _seats.Where(seat => seat.Only is not null).Select(seat => seat.Only!.Value)];
        }
    }

    private long Beat() => (long)(clock.GetElapsedTime(0) / (LiveFeed.HeartbeatPeriod / Round.Beats));

    /// <summary>One look's figures, each form of them made once.</summary>
    private sealed class Edition(Figures figures)
    {
        private readonly Dictionary<(SaleId? Only, bool IsFirst), LiveMessage> _messages = [];

        public LiveMessage For(SaleId? only, bool isFirst)
        {
            if (!_messages.TryGetValue((only, isFirst), out var message))
            {
                message = new LiveMessage.OfFigures(only is { } sale ? figures.Only(sale) : figures, isFirst);
                _messages.Add((only, isFirst), message);
            }

            return message;
        }
    }

    /// <summary>A watcher, and what it is to be told.</summary>
    private sealed class Seat(Watcher watcher, SaleId? only)
    {
        private bool _wasTold;

        public Watcher Watcher => watcher;

        public SaleId? Only => only;

        public bool IsIn(Figures figures) => only is null || figures.Sales.Any(sale => sale.Sale.Id == only);

        /// <summary>Tells it the figures; within a round, that its connection lives too.</summary>
        public void Tell(Edition edition, Round? round)
        {
            var message = edition.For(only, isFirst: !_wasTold);
            _wasTold = true;
            if (round is null)
            {
                watcher.Offer(message);
            }
            else
            {
                round.Tell(watcher, message);
            }
        }
    }
}
