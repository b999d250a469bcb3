using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.People;

/// <summary>
/// A buyer who wants several things and behaves badly: clicks twice, tries again under the same key and under new ones,
/// hangs up, asks for more than the limit, and in the end wants to know what became of it all. It speaks the contract's
/// calls alone.
/// </summary>
internal sealed class Buyer
{
    /// <summary>The number of the first buyer who comes when all is over.</summary>
    public const int FirstNewcomer = 1_000;

    private const int MaxTries = 400;

    /// <summary>Seconds that a claim's caller may wait for what is queued.</summary>
    private const int LongestWait = 10;

    private readonly World _world;
    private readonly Draw _draw;
    private readonly int _no;
    private readonly List<Attempt> _attempts = [];
    private readonly Dictionary<SaleId, (string Token, DateTimeOffset ExpiresAt)> _tokens = [];
    private readonly Purse _purse;
    private int _keys;

    public Buyer(World world, int no)
    {
        _world = world;
        _no = no;
        _draw = Draw.Of(world.Seed, Part.Buyers + (ulong)no);
        Name = $"buyer {no}";
        Id = BuyerId.Parse($"buyer{no}");
        _purse = new Purse(world, this, _draw);
    }

    public BuyerId Id { get; }

    /// <summary>What the trace calls the buyer.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether the buyer came when all was over, to buy what is left; of those a history has only what surprises.
    /// </summary>
    private bool IsNewcomer => _no >= FirstNewcomer;

    /// <summary>Comes again and again, while faults strike.</summary>
    public async Task LiveAsync()
    {
        for (var visits = Math.Min(_draw.Next(2, 9), _world.Mask.Visits); visits > 0; visits--)
        {
            await _world.WaitAsync(_draw.Next(700));
            await VisitAsync();
        }
    }

    /// <summary>Finds out what became of what was left open, and looks whether all else still stands.</summary>
    public async Task FinishAsync()
    {
        foreach (var attempt in _attempts)
        {
            // What was lost with its gate is found out by asking, or by claiming again.
            if (attempt.Order is not null && _world.Cluster is not null && _draw.Percent(50))
            {
                await FindOutAsync(attempt.Order.Value);
            }

            if (attempt.IsOpen || attempt.Order is not null)
            {
                await InsistAsync(attempt);
            }

            if (attempt.Order is not null)
            {
                await FindOutAsync(attempt.Order.Value);
            }
        }
    }

    /// <summary>Claims one unit under a new key until there is an answer that says something.</summary>
    public Task<Reply?> WantOneAsync(Sale sale) => InsistAsync(NewAttempt(sale, 1), LongestWait);

    /// <summary>The order as it is now.</summary>
    public async Task<OrderSheet?> LookAtAsync(OrderId order)
    {
        var ask = _world.Auditor.Story.AsksAbout(order);
        var reply = await _world.Network.AskAsync((shop, hungUp) => shop.ShowOrderAsync(Id, order, hungUp));
        _world.Trace.Add(Name, $"looks at {OrderSheet.Short(order)}: {Reply.Text(reply)}");
        if (reply?.Order is { } sheet)
        {
            _world.Auditor.Story.Told(ask, Id, sheet);
        }
        else if (reply?.Status == 404)
        {
            _world.Auditor.Story.ToldOfNone(ask, Id, order);
        }

        return reply?.Order;
    }

    /// <summary>Looks until the order is not queued any more, or so often.</summary>
    private async Task<bool> AwaitAsync(OrderId order, int tries)
    {
        for (; tries > 0; tries--)
        {
            if (await LookAtAsync(order) is { Status: not OrderStatus.Queued })
            {
                return true;
            }

            await _world.WaitAsync(_draw.Next(20, 100));
        }

        return false;
    }

    /// <summary>Looks at an order until it is not queued any more.</summary>
    public async Task FindOutAsync(OrderId order)
    {
        if (_world.Cluster is null)
        {
            await LookAtAsync(order);
        }
        else if (!await AwaitAsync(order, MaxTries))
        {
            _world.Auditor.Break(
                "I4 one truthful state", $"{Name} was never told what became of {OrderSheet.Short(order)}.");
        }
    }

    private async Task VisitAsync()
    {
        var sale = _draw.Of([.. _world.Terms.Sales]);
        if (!_world.HasSale(sale.Id))
        {
            return;
        }

        if (_draw.Percent(4))
        {
            await TryWrongTokenAsync(sale);
        }

        var attempt = ChooseAttempt(sale);
        switch (_draw.Next(12))
        {
            case 0:
                await Task.WhenAll(ClaimAsync(attempt), ClaimAsync(attempt));
                break;
            case 1:
                await Task.WhenAll(ClaimAsync(attempt), ClaimAsync(NewAttempt(sale, 1)));
                break;
            case 2:
                await ClaimAsync(attempt, patience: _draw.Next(1, 20));
                _world.Auditor.Reach(Branch.HungUp);
                break;
            default:
                await ClaimPatientlyAsync(attempt);
                break;
        }

        if (attempt.Order is { } order)
        {
            if (_world.Cluster is not null)
            {
                await AwaitAsync(order, _draw.Next(0, 12));
            }

            await _purse.DealAsync(sale, order, attempt.Quantity);
        }
    }

    private Attempt ChooseAttempt(Sale sale)
    {
        var mine = _attempts.FindAll(attempt => attempt.Sale == sale.Id);
        var units = _draw.Percent(60) ? 1 : _draw.Next(1, sale.PerBuyerLimit + 2);
        return mine.Count == 0 || _draw.Percent(60) ? NewAttempt(sale, units) : mine[_draw.Next(mine.Count)];
    }

    private Attempt NewAttempt(Sale sale, int units)
    {
        var attempt = new Attempt(sale.Id, Id, $"k{_keys++}", units);
        _attempts.Add(attempt);
        return attempt;
    }

    /// <summary>Tries again a few times where nobody knows, under the same key, or gives up.</summary>
    private async Task ClaimPatientlyAsync(Attempt attempt)
    {
        for (var tries = _draw.Next(1, 4); tries > 0; tries--)
        {
            await ClaimAsync(attempt);
            if (!attempt.IsOpen)
            {
                break;
            }

            await _world.WaitAsync(_draw.Next(1, 120));
        }

        if (attempt.Order is { } order && _draw.Percent(6) && _world.Cluster?.Redis.MayForget != true)
        {
            await ReuseKeyAsync(attempt, order);
        }
    }

    private async Task<Reply?> InsistAsync(Attempt attempt, int wait = 0)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var reply = await ClaimAsync(attempt, wait: wait);
            if (!attempt.IsOpen)
            {
                return reply;
            }

            await _world.WaitAsync(_draw.Next(5, 60));
        }

        _world.Auditor.Break(
            "I4 one truthful state", $"{Name} was told nothing of {attempt} in {MaxTries} tries without a fault.");
        return null;
    }

    private async Task<Reply?> ClaimAsync(Attempt attempt, int? patience = null, int? wait = null)
    {
        var sale = _world.Terms.Sales.First(one => one.Id == attempt.Sale);
        if (sale.RequirePurchaseToken && !await HasTokenAsync(attempt.Sale))
        {
            attempt.IsOpen = !_world.Faults.IsOver && attempt.IsOpen;
            return null;
        }

        var (token, expiresAt) = _tokens.GetValueOrDefault(attempt.Sale);
        _world.Claims++;
        if (!IsNewcomer)
        {
            _world.Trace.Add(Name, $"claims {attempt}");
        }

        var ask = _world.Auditor.Story.Claims(attempt);
        var wasUnheard = attempt.Order is null;
        var processes = _world.Server.Processes;
        var seconds = _world.Cluster is null ? 0 : wait ?? _draw.Of(0, 0, 0, 1, 2);
        var reply = await _world.Network.AskAsync(
            (shop, _) => shop.ClaimAsync(attempt.Sale, Id, token, attempt.Key, attempt.Quantity, seconds),
            patience);
        if (!IsNewcomer || reply?.Status != 201)
        {
            _world.Trace.Add(Name, $"is told of {attempt.Sale} {attempt.Key}: {Reply.Text(reply)}");
        }

        _world.Auditor.Story.ClaimTold(ask, reply);
        var isLate = expiresAt != default && _world.Clock.GetUtcNow().AddTicks(_world.Server.Skew) >= expiresAt;
        ClaimBranches.Note(_world, attempt, reply, wasUnheard, processes, isLate);
        if (reply?.Problem == "purchase-token-invalid")
        {
            _tokens.Remove(attempt.Sale);
        }

        return reply;
    }

    private async Task<bool> HasTokenAsync(SaleId sale)
    {
        if (!_tokens.ContainsKey(sale))
        {
            var reply = await _world.Network.AskAsync((shop, _) => shop.TakeTokenAsync(sale, Id));
            if (reply?.Token is { } token)
            {
                _tokens[sale] = (token, reply.TokenExpiresAt);
            }
        }

        return _tokens.ContainsKey(sale);
    }

    /// <summary>The same key for another quantity is an error that names the order.</summary>
    private async Task ReuseKeyAsync(Attempt attempt, OrderId order)
    {
        var token = _tokens.GetValueOrDefault(attempt.Sale).Token;
        var reply = await _world.Network.AskAsync(
            (shop, _) => shop.ClaimAsync(attempt.Sale, Id, token, attempt.Key, attempt.Quantity + 1));
        _world.Trace.Add(
            Name, $"claims one more under {attempt.Key}, which is {OrderSheet.Short(order)}: {Reply.Text(reply)}");
        _world.Claims++;
        if (reply is { SaysNothing: false, Status: not (422 or 403) })
        {
            _world.Auditor.Break(
                "I4 everyone is told the truth", $"{Name} used {attempt.Key} for more units and was told {reply}.");
        }
        else if (reply?.Status == 422)
        {
            _world.Auditor.Reach(Branch.KeyReused);
        }
    }

    /// <summary>A token of another sale, or of nobody's making, opens nothing.</summary>
    private async Task TryWrongTokenAsync(Sale sale)
    {
        if (!sale.RequirePurchaseToken)
        {
            return;
        }

        var token = _tokens.Where(entry => entry.Key != sale.Id).Select(entry => entry.Value.Token)
            .FirstOrDefault("AAAA");
        var reply = await _world.Network.AskAsync((shop, _) => shop.ClaimAsync(sale.Id, Id, token, "wrong", 1));
        _world.Trace.Add(Name, $"claims {sale.Id} with a wrong token: {Reply.Text(reply)}");
        _world.Claims++;
        if (reply is { SaysNothing: false, Status: not (403 or 404) })
        {
            _world.Auditor.Break("I4 everyone is told the truth", $"A wrong token was accepted: {reply}.");
        }
        else if (reply?.Status == 403)
        {
            _world.Auditor.Reach(Branch.TokenRefused);
        }
    }
}
