using Doorbuster.Reconciliation;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.People;

/// <summary>
/// An operator of one sale, who pauses, resumes, replenishes, edits, closes and audits it while it sells, and makes
/// calls again that nobody answered.
/// </summary>
internal sealed class Operator
{
    private const int MaxTries = 400;
    private const string Name = "operator";

    /// <summary>The time between an audit's two looks.</summary>
    private static readonly TimeSpan AuditWaits =
        new NodeSettings(null, new Limits(), TimeProvider.System).LongestCommit;

    private readonly World _world;
    private readonly Sale _sale;
    private readonly Draw _draw;
    private readonly bool _isAway;
    private readonly List<SaleChange.Replenish> _open = [];

    /// <summary>Request ids of units for which nobody answered once: they may be added after all else.</summary>
    private readonly HashSet<string> _unheard = new(StringComparer.Ordinal);

    /// <summary>Request ids under which the store had added units before they were asked for again.</summary>
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);

    private long _revision = 1;
    private bool _isCreationOpen;

    public Operator(World world, int no)
    {
        _world = world;
        No = no;
        _sale = world.Terms.Sales[no];
        _draw = Draw.Of(world.Seed, Part.Operators + (ulong)no);
        _isAway = world.Mask.Operators.Contains(no);
    }

    /// <summary>The number of its sale.</summary>
    public int No { get; }

    private SaleStory Story => _world.Auditor.Story.Of(_sale.Id);

    /// <summary>Creates the sale, however often it takes.</summary>
    public async Task CreateAsync()
    {
        while (true)
        {
            var reply = await _world.Network.AskAsync((shop, _) => shop.CreateAsync(_sale));
            _world.Trace.Add(
                Name,
                $"creates {_sale.Id}, {_sale.Quantity} units, limit {_sale.PerBuyerLimit}: {Reply.Text(reply)}");
            if (reply?.Status == 201 || (reply?.Status == 409 && _isCreationOpen))
            {
                break;
            }

            _isCreationOpen = true;
            await _world.WaitAsync(_draw.Next(5, 50));
        }
    }

    /// <summary>Changes the sale now and then, while faults strike.</summary>
    public async Task LiveAsync()
    {
        for (var calls = _isAway ? 0 : _draw.Next(0, 10); calls > 0; calls--)
        {
            await _world.WaitAsync(_draw.Next(600));
            await OperateAsync();
        }
    }

    /// <summary>Makes sure of what was left open, and lets the sale go on.</summary>
    public async Task FinishAsync()
    {
        foreach (var open in _open.ToArray())
        {
            NoteAdded(open);
            await InsistAsync($"adds {open.Quantity} again", shop => shop.ChangeAsync(_sale.Id, open), Note(open));
        }

        var seen = await InsistAsync("looks at", (shop, _) => shop.ShowAsync(_sale.Id));
        if (seen?.Sale?.State == SaleState.Paused)
        {
            Story.OpenResumes++;
            await InsistAsync("resumes", shop => shop.ChangeAsync(_sale.Id, new SaleChange.Resume()), NoteNothing);
        }
    }

    /// <summary>Gate and store agree, and every transition is there.</summary>
    public async Task CheckAsync()
    {
        var (reply, stock) = await AuditAtRestAsync();
        if (reply?.Audit is not { LawHolds: true } audit)
        {
            _world.Auditor.Break("I2 at rest gate and store agree", $"{_sale.Id}: {reply}");
            return;
        }

        if (!IsAtRest(audit))
        {
            _world.Auditor.Break(
                "I2 at rest gate and store agree",
                $"{_sale.Id} has {stock}, the gate {audit.GateAvailable} available, and {audit.Queued} are queued.");
        }

        var late = _unheard.Where(id => !Story.Added.ContainsKey(id));
        var expected = _sale.Quantity + Story.Added.Values.Sum()
            + late.Sum(_world.Auditor.Truth.Find(_sale.Id)!.Row.AddedUnder);
        if (stock.Quantity != expected || audit.Quantity != expected)
        {
            _world.Auditor.Break(
                "quantity = available + reserved + sold",
                $"{_sale.Id} has {stock.Quantity} units; operators were told of {expected}.");
        }

        var events = await InsistAsync("reads events", (shop, hungUp) => shop.EventsAsync(_sale.Id, hungUp));
        if (events?.Events?.Select((no, place) => no == place + 1).All(isInPlace => isInPlace) != true)
        {
            _world.Auditor.Break("I4 one truthful state", $"The transitions of {_sale.Id} have a gap.");
        }
    }

    /// <summary>An order that expires just now is given back in the store before the gate, within a second.</summary>
    private async Task<(Reply? Reply, Stock Stock)> AuditAtRestAsync()
    {
        var end = _world.Agenda.Now + TimeSpan.TicksPerSecond;
        while (true)
        {
            var reply = await InsistAsync("audits", (shop, hungUp) => shop.AuditAsync(_sale.Id, hungUp));
            var stock = _world.Auditor.Truth.Find(_sale.Id)!.Row.Stock;
            if (reply?.Audit is not { LawHolds: true } audit || IsAtRest(audit) || _world.Agenda.Now > end)
            {
                return (reply, stock);
            }

            await _world.WaitAsync(40);
        }
    }

    private bool IsAtRest(AuditReport audit)
    {
        var row = _world.Auditor.Truth.Find(_sale.Id)!.Row;
        return audit.GateAvailable == (row.IsOver ? null : row.Stock.Available) && audit.Queued == 0;
    }

    private async Task OperateAsync()
    {
        switch (_draw.Next(20))
        {
            case < 4:
                await ChangeAsync("pauses", new SaleChange.Pause(), NoteShut(Branch.Paused));
                break;
            case < 9:
                await ResumeAsync();
                break;
            case < 14:
                await AddAsync("r");
                break;
            case < 15:
                await EditAsync();
                break;
            case < 16:
                // Two operators at once: whatever reaches the gate last, the later change stands.
                await Task.WhenAll(AddAsync("a"), AddAsync("b"));
                break;
            case < 17 when _draw.Percent(_world.Cluster is not null ? 90 : 40):
                await ChangeAsync("closes", new SaleChange.Close(), NoteShut(Branch.Closed));
                break;
            default:
                await (_world.Cluster is not null && _draw.Percent(50) ? ReplayLettersAsync() : AuditAsync());
                break;
        }
    }

    private Task ReplayLettersAsync() => AskAsync(
        "replays what could not be written, of", shop => shop.ReplayLettersAsync(CancellationToken.None), NoteNothing);

    private Task ResumeAsync()
    {
        var isResumed = NoteBranch(Branch.Resumed);
        return AskAsync(
            "resumes", shop => shop.ChangeAsync(_sale.Id, new SaleChange.Resume()),
            reply =>
            {
                Story.OpenResumes--;
                isResumed(reply);
            },
            sending: () => Story.OpenResumes++);
    }

    private Task AddAsync(string request)
    {
        var more = new SaleChange.Replenish(_draw.Percent(85) ? 3 : 4, $"{request}{_draw.Next(3)}");
        return AskAsync(
            $"adds {more.Quantity} ({more.RequestId})", shop => shop.ChangeAsync(_sale.Id, more), Note(more),
            sending: () => NoteAdded(more), unheard: () => _unheard.Add(more.RequestId));
    }

    private Task ChangeAsync(string what, SaleChange change, Action<Reply> note) =>
        AskAsync(what, shop => shop.ChangeAsync(_sale.Id, change), note);

    private Task EditAsync()
    {
        var revision = _draw.Percent(80) ? _revision : _revision - 1;
        var more = TimeSpan.FromMilliseconds(_draw.Next(100, 2_000));
        var window = _sale.PaymentWindow > TimeSpan.FromMinutes(1) ? _sale.PaymentWindow + more : more;
        return AskAsync(
            $"edits revision {revision}",
            shop => shop.EditAsync(_sale.Id, revision, sale => sale with { PaymentWindow = window }),
            reply => _world.Auditor.Reach(reply.Status == 412 ? Branch.EditRefused : Branch.Edited));
    }

    /// <summary>F13: an audit finds no false difference, whatever is in flight.</summary>
    private async Task AuditAsync()
    {
        var (process, wasSole) = (_world.Server.Processes, _world.Server.IsSole);
        _world.Cluster?.Redis.Watch(_sale.Id);
        var reply = await _world.Network.AskAsync((shop, hungUp) => shop.AuditAsync(_sale.Id, hungUp), patience: 8_000);
        _world.Trace.Add(Name, $"audits {_sale.Id}: {Reply.Text(reply)}");
        var stoodAt = _world.Cluster?.Redis.EndWatch(_sale.Id) ?? _world.Agenda.Now;
        if (reply?.Audit is { LawHolds: true })
        {
            _world.Auditor.Reach(Branch.AuditedMeanwhile);
            if (reply.Audit.Queued > 0)
            {
                _world.Auditor.Reach(Branch.AuditedInFlight);
            }
        }
        else if (reply?.Audit is { } found && wasSole && _world.Server.IsSole && _world.Server.Processes == process
            && !IsWithoutGate(found, stoodAt))
        {
            _world.Auditor.Break("F13 an audit finds no false difference", $"{_sale.Id}: {reply}");
        }
    }

    /// <summary>
    /// Whether all that an audit found is that the gate is missing, or of an earlier epoch, and it was so for as long
    /// as an audit waits: a rebuild that is held up for longer is no false difference.
    /// </summary>
    private bool IsWithoutGate(AuditReport found, long stoodAt) =>
        _world.Agenda.Now - stoodAt >= AuditWaits.Ticks
        && found.Differences.All(one => one.StartsWith("The gate has no such sale", StringComparison.Ordinal)
            || one.StartsWith("The gate's epoch is ", StringComparison.Ordinal));

    private Action<Reply> NoteShut(Branch branch) => reply =>
    {
        if (reply.Status == 200)
        {
            _world.Auditor.Reach(branch);
            if (!_world.Auditor.Truth.Find(_sale.Id)!.IsShut)
            {
                // A resume that is open may have been done since, and be what is shown.
                if (branch == Branch.Closed || Story.OpenResumes == 0)
                {
                    _world.Auditor.Break("I4 everyone is told the truth", $"{branch}, and the store has it open.");
                }

                return;
            }

            Story.IsShutSince ??= _world.Agenda.Steps;
            if (reply.Sale!.State is not (SaleState.Paused or SaleState.Closed))
            {
                _world.Auditor.Break("I4 everyone is told the truth", $"{branch}, and yet it is {reply.Sale.State}.");
            }
        }
    };

    private Action<Reply> Note(SaleChange.Replenish more)
    {
        if (!_open.Exists(open => open == more))
        {
            _open.Add(more);
        }

        return reply =>
        {
            _open.Remove(more);
            if (reply.Status == 409 && _added.Contains(more.RequestId))
            {
                _world.Auditor.Break(
                    "I4 everyone is told the truth", $"{more.RequestId} had added units, and was told {reply}.");
            }
            else if (reply.Status == 422)
            {
                _world.Auditor.Reach(Branch.RequestIdReused);
            }
            else if (reply.Status == 200)
            {
                var isRepeat = !Story.Added.TryAdd(more.RequestId, more.Quantity);
                _world.Auditor.Reach(isRepeat ? Branch.ReplenishRepeated : Branch.Replenished);
            }
        };
    }

    private void NoteAdded(SaleChange.Replenish more)
    {
        if (_world.Auditor.Truth.Find(_sale.Id)!.Row.AddedUnder(more.RequestId) > 0)
        {
            _added.Add(more.RequestId);
        }
    }

    private Action<Reply> NoteBranch(Branch branch) => reply =>
    {
        if (reply.Status == 200)
        {
            _world.Auditor.Reach(branch);
        }
    };

    private static void NoteNothing(Reply reply)
    {
        // Whatever it is, the next call finds the sale as it is.
    }

    /// <summary>Makes a call; once more or not where nobody knows.</summary>
    private async Task AskAsync(
        string what, Func<Shopfront, ValueTask<Reply>> call, Action<Reply> note, Action? sending = null,
        Action? unheard = null)
    {
        for (var tries = _draw.Next(1, 4); tries > 0; tries--)
        {
            sending?.Invoke();
            var reply = await _world.Network.AskAsync((shop, _) => call(shop));
            _world.Trace.Add(Name, $"{what} {_sale.Id}: {Reply.Text(reply)}");
            if (reply is { SaysNothing: false })
            {
                _revision = reply.Sale?.Revision ?? _revision;
                note(reply);
                return;
            }

            unheard?.Invoke();
            _world.Auditor.Reach(Branch.ChangeUnknown);
            await _world.WaitAsync(_draw.Next(5, 100));
        }
    }

    private async Task InsistAsync(string what, Func<Shopfront, ValueTask<Reply>> call, Action<Reply> note)
    {
        if (await InsistAsync(what, (shop, _) => call(shop)) is { } reply)
        {
            note(reply);
        }
    }

    private async Task<Reply?> InsistAsync(
        string what, Func<Shopfront, CancellationToken, ValueTask<Reply>> call)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var reply = await _world.Network.AskAsync(call);
            _world.Trace.Add(Name, $"{what} {_sale.Id}: {Reply.Text(reply)}");
            if (reply is { SaysNothing: false })
            {
                return reply;
            }

            await _world.WaitAsync(_draw.Next(5, 50));
        }

        _world.Auditor.Break("all must come to rest", $"Who {what} {_sale.Id} is told nothing, without a fault.");
        return null;
    }
}
