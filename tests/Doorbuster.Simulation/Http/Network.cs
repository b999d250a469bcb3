using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Http;

/// <summary>
/// What lies between everyone and the server: requests and answers take time, are lost, and break off where the server
/// dies. Whoever asks is told nothing then. A process that is held for dead still answers who has found it, and is
/// found until the next one listens.
/// </summary>
internal sealed class Network(Agenda agenda, Realm realm, Faults faults, Draw draw)
{
    private readonly Agenda _agenda = agenda;
    private readonly Realm _realm = realm;
    private readonly Faults _faults = faults;
    private readonly Draw _draw = draw;
    private readonly List<Line> _lines = [];
    private readonly List<Line> _hidden = [];
    private Line? _line;
    private Line? _former;

    /// <summary>Where a request arrives: that of whoever listened last, if it is still there.</summary>
    private Line? _found;

    /// <summary>Whether a server listens that is not held for dead.</summary>
    public bool IsUp => _line is not null || _lines.Count > 0;

    /// <summary>Calls that are under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>A server listens from now on.</summary>
    public void Open(Shopfront server, Realm node) => _found = _line = new Line(server, node);

    /// <summary>A server listens beside others: whoever asks is led to one of them.</summary>
    public void Join(Shopfront server, Realm node) => _lines.Add(new Line(server, node));

    /// <summary>One of several is not found any more by who asks from now on.</summary>
    public void Hide(Realm node)
    {
        _hidden.AddRange(_lines.Where(one => one.Node == node));
        _lines.RemoveAll(one => one.Node == node);
    }

    /// <summary>The server is held for dead: as soon as the next one listens, it is not found any more.</summary>
    public void Forsake() => (_former, _line) = (_line, null);

    /// <summary>The server is gone, and with it every call that it had not answered.</summary>
    public void Close(Realm node)
    {
        var line = LineOf(node);
        _lines.RemoveAll(one => one == line);
        _hidden.RemoveAll(one => one == line);
        (_former, _line) = (_former == line ? null : _former, _line == line ? null : _line);
        _found = _found == line ? null : _found;
        line?.Cut();
    }

    /// <summary>A connection is there that breaks off where its server dies.</summary>
    public void Connect(Realm node, Action close) => (LineOf(node) ?? _line)?.Connections.Add(close);

    /// <summary>Asks the server, from the world's realm.</summary>
    /// <param name="call">What is asked; it runs at the server.</param>
    /// <param name="patience">Milliseconds after which the caller hangs up; never where null.</param>
    /// <returns>The answer; null where none came.</returns>
    public Task<Reply?> AskAsync(
        Func<Shopfront, CancellationToken, ValueTask<Reply>> call, int? patience = null)
    {
        UnderWay++;
        var exchange = new Exchange(this, call, patience is not null);
        _agenda.Set(exchange, _faults.Strike(FaultKind.RequestLost) ? exchange.Lose() : Latency());
        if (patience is { } milliseconds)
        {
            _agenda.Set(new Word(_realm, exchange.HangUp), TimeSpan.TicksPerMillisecond * milliseconds);
        }

        return exchange.Answered;
    }

    private Line? LineOf(Realm node) => _former?.Node == node ? _former
        : _line?.Node == node ? _line
        : _lines.Find(one => one.Node == node) ?? _hidden.Find(one => one.Node == node);

    private Line? FindLine() => _lines.Count > 0 ? _lines[_draw.Next(_lines.Count)] : _found;

    private long Latency() => _faults.Strike(FaultKind.NetworkSlow)
        ? _faults.Next(FaultKind.NetworkSlow, 20, 500) * TimeSpan.TicksPerMillisecond
        : _draw.Next(500, 20_000);

    /// <summary>The way to one server, with all that breaks off where it dies.</summary>
    private sealed class Line(Shopfront server, Realm node)
    {
        public Shopfront Server => server;

        public Realm Node => node;

        public List<Exchange> Open { get; } = [];

        public List<Action> Connections { get; } = [];

        public void Cut()
        {
            Open.ForEach(exchange => exchange.BreakOff());
            Open.Clear();
            Connections.ForEach(close => close());
            Connections.Clear();
        }
    }

    private sealed class Exchange(
        Network network, Func<Shopfront, CancellationToken, ValueTask<Reply>> call, bool mayHangUp)
        : Alarm(network._realm)
    {
        private static readonly SendOrPostCallback ServeCall = static state => ((Exchange)state!).Serve();
        private static readonly SendOrPostCallback CancelCall = static state => ((Exchange)state!)._hungUp!.Cancel();

        private readonly TaskCompletionSource<Reply?> _answered = new();
        private readonly CancellationTokenSource? _hungUp = mayHangUp ? new CancellationTokenSource() : null;
        private Line? _line;
        private Reply? _reply;
        private bool _isSent;
        private bool _isLost;

        public Task<Reply?> Answered => _answered.Task;

        /// <summary>Nothing of it arrives; who asked gives up after a while.</summary>
        public long Lose()
        {
            _isLost = true;
            return network._draw.Next(20, 200) * TimeSpan.TicksPerMillisecond;
        }

        /// <summary>The request, or its answer, has arrived.</summary>
        public override void Ring()
        {
            if (_isLost || _isSent)
            {
                Answer(_isLost ? null : _reply);
                return;
            }

            _line = network.FindLine();
            if (_line is null)
            {
                _isLost = true;
                network._agenda.Set(this, network.Latency());
                return;
            }

            _line.Open.Add(this);
            _line.Node.Post(ServeCall, this);
        }

        public void BreakOff()
        {
            _isLost = true;
            network._agenda.Set(this, network.Latency());
        }

        public void HangUp()
        {
            if (Answer(null) && !_isSent)
            {
                _line?.Node.Post(CancelCall, this);
            }
        }

        /// <summary>Whoever asked goes on, unless they have before.</summary>
        private bool Answer(Reply? reply)
        {
            var isFirst = !_answered.Task.IsCompleted;
            if (isFirst)
            {
                network.UnderWay--;
                _answered.SetResult(reply);
            }

            return isFirst;
        }

        private async void Serve()
        {
            var reply = await _line!.Server.AnswerAsync(call, _hungUp?.Token ?? CancellationToken.None);
            _line.Open.Remove(this);
            _reply = reply;
            _isSent = true;
            network._agenda.Set(
                this, network._faults.Strike(FaultKind.AnswerLost) ? Lose() : network.Latency());
        }
    }
}
