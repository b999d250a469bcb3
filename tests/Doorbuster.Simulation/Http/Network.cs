using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Http;

/// <summary>
/// What lies between everyone and the server: requests and answers take time, are lost, and break off where the server
/// dies. Whoever asks is told nothing then.
/// </summary>
internal sealed class Network(Agenda agenda, Realm realm, Faults faults, Draw draw)
{
    private readonly Agenda _agenda = agenda;
    private readonly Realm _realm = realm;
    private readonly Faults _faults = faults;
    private readonly Draw _draw = draw;
    private readonly List<Exchange> _open = [];
    private readonly List<Action> _connections = [];
    private Shopfront? _server;
    private Realm? _node;

    /// <summary>Whether a server listens.</summary>
    public bool IsUp => _server is not null;

    /// <summary>Calls that are under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>A server listens from now on.</summary>
    public void Open(Shopfront server, Realm node) => (_server, _node) = (server, node);

    /// <summary>The server is gone, and with it every call that it had not answered.</summary>
    public void Close()
    {
        (_server, _node) = (null, null);
        foreach (var exchange in _open)
        {
            exchange.BreakOff();
        }

        _open.Clear();
        _connections.ForEach(close => close());
        _connections.Clear();
    }

    /// <summary>A connection is there that breaks off where the server dies.</summary>
    public void Connect(Action close) => _connections.Add(close);

    /// <summary>Asks the server, from the world's realm.</summary>
    /// <param name="call">What is asked; it runs at the server.</param>
    /// <param name="patience">Milliseconds after which the caller hangs up; never where null.</param>
    /// <returns>The answer; null where none came.</returns>
    public async Task<Reply?> AskAsync(
        Func<Shopfront, CancellationToken, ValueTask<Reply>> call, int? patience = null)
    {
        UnderWay++;
        try
        {
            var exchange = new Exchange(this, call, patience is not null);
            _agenda.Set(exchange, _faults.Strike(FaultKind.RequestLost) ? exchange.Lose() : Latency());
            if (patience is { } milliseconds)
            {
                _agenda.Set(new HangUp(_realm, exchange), TimeSpan.TicksPerMillisecond * milliseconds);
            }

            return await exchange.Answered;
        }
        finally
        {
            UnderWay--;
        }
    }

    private long Latency() => _faults.Strike(FaultKind.NetworkSlow)
        ? _faults.Next(FaultKind.NetworkSlow, 20, 500) * TimeSpan.TicksPerMillisecond
        : _draw.Next(500, 20_000);

    private sealed class Exchange(
        Network network, Func<Shopfront, CancellationToken, ValueTask<Reply>> call, bool mayHangUp)
        : Alarm(network._realm)
    {
        private static readonly SendOrPostCallback ServeCall = static state => ((Exchange)state!).Serve();
        private static readonly SendOrPostCallback CancelCall = static state => ((Exchange)state!)._hungUp!.Cancel();

        private readonly TaskCompletionSource<Reply?> _answered = new();
        private readonly CancellationTokenSource? _hungUp = mayHangUp ? new CancellationTokenSource() : null;
        private Shopfront? _server;
        private Realm? _node;
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
                _answered.TrySetResult(_isLost ? null : _reply);
                return;
            }

            if (network._server is null)
            {
                _isLost = true;
                network._agenda.Set(this, network.Latency());
                return;
            }

            (_server, _node) = (network._server, network._node);
            network._open.Add(this);
            _node!.Post(ServeCall, this);
        }

        public void BreakOff()
        {
            _isLost = true;
            network._agenda.Set(this, network.Latency());
        }

        public void HangUp()
        {
            if (_answered.TrySetResult(null) && !_isSent)
            {
                _node?.Post(CancelCall, this);
            }
        }

        private async void Serve()
        {
            var reply = await _server!.AnswerAsync(call, _hungUp?.Token ?? CancellationToken.None);
            network._open.Remove(this);
            _reply = reply;
            _isSent = true;
            network._agenda.Set(
                this, network._faults.Strike(FaultKind.AnswerLost) ? Lose() : network.Latency());
        }
    }

    private sealed class HangUp(Realm realm, Exchange exchange) : Alarm(realm)
    {
        public override void Ring() => exchange.HangUp();
    }
}
