using Doorbuster.Conformance;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Redis;

/// <summary>How a command ended, as far as its caller is told.</summary>
internal enum SentEnd
{
    /// <summary>The server answered.</summary>
    Answered,

    /// <summary>The server surely did nothing.</summary>
    NotDone,

    /// <summary>It was done, or not, or will be.</summary>
    Unknown,
}

/// <summary>What became of a command.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Value">What was answered.</param>
/// <param name="IsRepeat">Whether the connection had broken before an answer came, and it was sent again.</param>
/// <param name="Unheard">What had been answered to the first, and nobody heard.</param>
internal readonly record struct Sent<T>(SentEnd End, T? Value = default, bool IsRepeat = false, T? Unheard = default)
{
    public bool IsAnswered => End == SentEnd.Answered;
}

/// <summary>
/// A node's connection to Redis. What is sent takes time, may be lost on its way or on its way back, may come late,
/// when its caller has given up, and twice, where the connection broke and the client sent it again.
/// </summary>
/// <param name="agenda">The world's time.</param>
/// <param name="world">The realm that outlives nodes.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="draw">Draws how long things take.</param>
/// <param name="patience">How long a caller waits, in ticks.</param>
internal sealed class RedisLink(Agenda agenda, Realm world, Faults faults, Draw draw, long patience)
{
    private const long Retry = 20 * TimeSpan.TicksPerMillisecond;

    /// <summary>The server that it is connected to.</summary>
    public required RedisServer Server { get; set; }

    /// <summary>Has the server run a command, and waits for its answer.</summary>
    public Task<Sent<T>> SendAsync<T>(Func<InMemorySharedGate, T> command)
    {
        var ended = new TaskCompletionSource<Sent<T>>();
        new Call<T>(this, command, ended.SetResult).Start();
        return ended.Task;
    }

    /// <summary>The same where nothing but the answer will do.</summary>
    /// <param name="command">The command.</param>
    /// <param name="fault">What is thrown where there was no answer.</param>
    public ValueTask<T> AskAsync<T>(Func<InMemorySharedGate, T> command, Func<SentEnd, Exception> fault)
    {
        // Set and not thrown: throwing within each call that fails took a twentieth of the time of a world.
        var ended = new TaskCompletionSource<T>();
        new Call<T>(this, command, sent =>
        {
            if (sent.IsAnswered)
            {
                ended.SetResult(sent.Value!);
            }
            else
            {
                ended.SetException(fault(sent.End));
            }
        }).Start();
        return new ValueTask<T>(ended.Task);
    }

    private sealed class Call<T>(RedisLink link, Func<InMemorySharedGate, T> command, Action<Sent<T>> ended)
        : Alarm(link._world)
    {
        private Word? _giveUp;
        private Sent<T>? _answer;
        private bool _mayHaveArrived;
        private bool _hasRun;
        private bool _hasEnded;

        /// <summary>
        /// The server in whose socket it lies, or to which it is on its way for long: it is run there, wherever the
        /// node is led meanwhile, and although nobody may wait for it any longer.
        /// </summary>
        private RedisServer? _sentTo;

        private bool _isOverdue;
        private bool _isRepeat;
        private T? _unheard;

        public void Start()
        {
            _giveUp = new Word(Realm, End);
            link._agenda.Set(_giveUp, link._patience);
            if (link._faults.Strike(FaultKind.RedisRequestLost))
            {
                _mayHaveArrived = true;
                return;
            }

            var delay = link.Latency();
            if (link._faults.Strike(FaultKind.RedisLate))
            {
                _mayHaveArrived = true;
                _sentTo = link.Server;
                delay = link._patience + link.Milliseconds(FaultKind.RedisLate, 1, 1_500);
            }

            link._agenda.Set(this, delay);
        }

        /// <summary>The command, or its answer, has arrived.</summary>
        public override void Ring()
        {
            if (_hasRun)
            {
                End();
                return;
            }

            if (_hasEnded && _sentTo is null)
            {
                // It lies in no socket, and its caller tries no more.
                return;
            }

            var (server, now) = (_sentTo ?? link.Server, link._agenda.Now);
            if (now < server.AwayUntil && !link._faults.IsOver)
            {
                if (!_hasEnded)
                {
                    link._agenda.Set(this, Retry);
                }
                else
                {
                    Settle();
                }
            }
            else if (now < server.HangsUntil && !link._faults.IsOver)
            {
                // It lies in the server's socket, and is run when that goes on, whoever still waits.
                _mayHaveArrived = true;
                _sentTo = server;
                link._agenda.Set(this, server.HangsUntil - now + link.Latency());
            }
            else
            {
                RunAt(server);
            }
        }

        private void RunAt(RedisServer server)
        {
            _mayHaveArrived = true;
            _hasRun = true;
            Settle();
            var value = command(server.Data);
            if (!_isRepeat && link._faults.Strike(FaultKind.RedisTwice))
            {
                if (link._faults.Next(FaultKind.RedisTwice, 0, 2) == 0)
                {
                    SendAgain(value);
                    return;
                }

                value = command(server.Data);
            }

            if (!link._faults.Strike(FaultKind.RedisReplyLost))
            {
                _answer = new Sent<T>(SentEnd.Answered, value, _isRepeat, _unheard);
                link._agenda.Set(this, link.Latency());
            }
        }

        /// <summary>The connection broke before the answer came; the next finds whatever server is there.</summary>
        private void SendAgain(T unheard)
        {
            (_isRepeat, _unheard) = (true, unheard);
            (_hasRun, _sentTo) = (false, null);
            link._agenda.Set(this, Retry + link.Latency());
        }

        private void End()
        {
            _giveUp!.Setting++;
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            ended(_answer ?? new Sent<T>(_mayHaveArrived ? SentEnd.Unknown : SentEnd.NotDone));
            if (_sentTo is not null && !_hasRun)
            {
                _isOverdue = true;
                _sentTo.Overdue++;
            }
        }

        private void Settle()
        {
            if (_isOverdue)
            {
                _isOverdue = false;
                _sentTo!.Overdue--;
            }
        }
    }

    private readonly Agenda _agenda = agenda;
    private readonly Realm _world = world;
    private readonly Faults _faults = faults;
    private readonly long _patience = patience;

    private long Latency() => draw.Next(500, 15_000);

    private long Milliseconds(FaultKind kind, int from, int below) =>
        _faults.Next(kind, from, below) * TimeSpan.TicksPerMillisecond;
}
