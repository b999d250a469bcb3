using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Redis;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>The reference and the gate in Redis, to which the same things happen; all they say is compared.</summary>
internal sealed class TwinScene
{
    private static readonly TimeSpan MaxQueueAge = TimeSpan.FromSeconds(40);
    private static readonly DateTimeOffset Start = Samples.Noon.AddYears(100);

    private readonly VirtualTimeProvider _clock = new(Start);
    private readonly RedisProcess _server;
    private readonly InMemorySharedGate _reference;
    private readonly RedisGate _redis;

    /// <summary>Another sale, whose claims the same script decides now and then; nothing else befalls it.</summary>
    private readonly Sale _beside;

    private Sale _sale;
    private long _epoch;

    public TwinScene(RedisProcess server, string name, int ordersPerBuyer, int ordersPerBuyerInRedis)
    {
        _server = server;
        _sale = Samples.Sale(name, quantity: 8, limit: 3) with { OpensAt = Start };
        _beside = Samples.Sale($"{name}-beside", quantity: 8, limit: 3) with { OpensAt = Start };
        _reference = new InMemorySharedGate(_clock, ordersPerBuyer, MaxQueueAge);
        _redis = new RedisGate(
            server.Connection,
            new RedisGateOptions
            {
                // A machine that is busy is no difference.
                CallTimeout = TimeSpan.FromMinutes(1),
                OrdersPerBuyer = ordersPerBuyerInRedis,
                MaxQueueAge = MaxQueueAge,
            },
            TimeProvider.System);
    }

    /// <summary>What claims were told.</summary>
    public List<Outcome?> Told { get; } = [];

    /// <summary>Plays a history; null where the twins said the same throughout, else where they did not.</summary>
    public async Task<string?> PlayAsync(IReadOnlyList<TwinStep> steps)
    {
        var opened = await ReopenAsync(new TwinStep.Reopen(1, -1));
        if (opened.Reference != opened.Redis)
        {
            return $"Opened\nreference: {opened.Reference}\nRedis: {opened.Redis}";
        }

        await BothAsync(async gate => $"{await gate.OpenAsync(Snapshot(_beside, 1, []), default)}");
        foreach (var step in steps)
        {
            await TurnAsync(_sale);
            var told = await DoAsync(step);
            var (reference, redis) = await BothAsync(gate => DescribeAsync(gate, _sale));
            if (told.Reference != told.Redis || reference != redis)
            {
                return $"{step}\nreference: {told.Reference}\n{reference}\nRedis: {told.Redis}\n{redis}";
            }
        }

        return await DifferenceOfLogsAsync(_sale) ?? await DifferenceOfLogsAsync(_beside)
            ?? (await BothAsync(gate => DescribeAsync(gate, _beside)) is var (one, other) && one == other
                ? null
                : $"The sale beside it\n{one}\nRedis:\n{other}");
    }

    private async Task<(string Reference, string Redis)> DoAsync(TwinStep step)
    {
        switch (step)
        {
            case TwinStep.Claims claims:
                return await ClaimAsync(claims);
            case TwinStep.Releases releases:
                return await BothAsync(gate => ReleaseAsync(gate, releases));
            case TwinStep.Change change:
                return await ChangeAsync(change);
            case TwinStep.Turn turn:
                _clock.Advance(TimeSpan.FromSeconds(turn.Seconds));
                await TurnAsync(_sale);
                return default;
            case TwinStep.Drain drain:
                string[] oldest = [.. _reference.LogOf(_sale.Id).Take(drain.Entries).Select(entry => entry.Id)];
                _reference.Delete(_sale.Id, oldest);
                await _server.AskAsync(redis => RedisSales.DeleteAsync(redis, _sale.Id, oldest));
                return default;
            case TwinStep.Reopen reopen:
                return await ReopenAsync(reopen);
            case TwinStep.Fence fence:
                return await BothAsync(
                    async gate => $"{await gate.FenceAsync(_sale.Id, _epoch + fence.Later, default)}");
            case TwinStep.Remove remove:
                return await BothAsync(
                    async gate => $"{await gate.RemoveAsync(_sale.Id, _epoch + remove.Later, default)}");
            case TwinStep.Lose:
                _reference.Damage(_sale.Id);
                await _server.AskAsync(redis => redis.KeyDeleteAsync(RedisSales.Buyers(_sale.Id, _epoch)));
                return default;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "No such step.");
        }
    }

    private async Task<(string, string)> ClaimAsync(TwinStep.Claims step)
    {
        if (step.Beside.Length > 0)
        {
            await TurnAsync(_beside);
        }

        return await BothAsync(async gate =>
        {
            var batch = BatchOf(_sale, step.Asks);
            SaleBatch[] batches = step.Beside.Length == 0 ? [batch] : [BatchOf(_beside, step.Beside), batch];
            await gate.ClaimAsync(batches, default);
            Told.AddRange(batch.Answers.ToArray().Select(answer => answer.Outcome));
            return string.Join('\n', batches.Select(
                one => $"{one.View} {string.Join(", ", one.Answers.ToArray())}"));
        });
    }

    private static SaleBatch BatchOf(Sale sale, TwinAsk[] asks) =>
        Samples.Batch(sale, Array.ConvertAll(asks, ask => ClaimOf(sale, ask)));

    private static Claim ClaimOf(Sale sale, TwinAsk ask)
    {
        var claim = Samples.Claim(sale, $"buyer-{ask.Buyer}", $"k{ask.Key}", ask.Units);
        return ask.Turn > 0 && PaymentId.TryParse($"{claim.Order}.{ask.Turn}", out var payment)
            ? claim with { Revival = new Revival(payment, ask.Turn) }
            : claim with { IsReplay = ask.IsReplay };
    }

    private async Task<string> ReleaseAsync(ISharedGate gate, TwinStep.Releases step)
    {
        var releases = step.Freed.Select(freed =>
        {
            var claim = Samples.Claim(_sale, $"buyer-{freed.Buyer}", $"k{freed.Key}");
            return new Release(claim.Order, claim.Buyer, freed.Turn, _epoch + step.Later);
        });
        return string.Join(", ", await gate.ReleaseAsync([.. releases], default));
    }

    private async Task<(string, string)> ChangeAsync(TwinStep.Change step)
    {
        var now = _clock.GetUtcNow();
        var changed = _sale with
        {
            Revision = _sale.Revision + step.Revision,
            Quantity = _sale.Quantity + step.More,
            Mode = step.Mode,
            PerBuyerLimit = step.Limit,
            OpensAt = now.AddSeconds(step.Opens),
            ClosesAt = step.Closes is { } closes ? now.AddSeconds(closes) : null,
        };
        var told = await BothAsync(
            async gate => $"{await gate.ApplyAsync(changed, _epoch + step.Later, default)}");
        if (told.Reference != "" && step.Revision > 0)
        {
            _sale = changed;
        }

        return told;
    }

    private async Task<(string Reference, string Redis)> ReopenAsync(TwinStep.Reopen step)
    {
        var epoch = _epoch + step.Later;
        var look = await _reference.LookAsync(_sale.Id, default);
        var held = look.Standing == GateStanding.Open ? await HeldAsync(step.Ended) : [];
        var told = await BothAsync(async gate => $"{await gate.OpenAsync(Snapshot(_sale, epoch, held), default)}");
        _epoch = (await _reference.LookAsync(_sale.Id, default)).Epoch;
        await TurnAsync(_sale);
        return told;
    }

    private async Task<List<(BuyerId Buyer, HeldOrder Order)>> HeldAsync(int ended)
    {
        var report = await _reference.ReportAsync(_sale.Id, default);
        var byKey = report!.Orders.ToDictionary(order => order.Key);
        var held = new List<(BuyerId, HeldOrder)>();
        for (var i = 0; i < 4; i++)
        {
            var buyer = BuyerId.Parse($"buyer-{i}");
            var gone = Samples.Claim(_sale, $"buyer-{i}", $"k{ended}").Order.Key;
            held.AddRange((await _reference.OrdersOfAsync(_sale.Id, buyer, default))
                .Select(order => (buyer, order.Key == gone ? new HeldOrder(gone, 0) : byKey[order.Key])));
        }

        return held;
    }

    private static GateSnapshot Snapshot(Sale sale, long epoch, List<(BuyerId Buyer, HeldOrder Order)> held)
    {
        var holdings = new Holdings();
        held.ForEach(entry => holdings.Add(entry.Buyer, entry.Order));
        var units = held.Sum(entry => (long)entry.Order.Quantity);
        return new GateSnapshot(
            sale, epoch, new Stock(sale.Quantity, sale.Quantity - units, units, 0, epoch), held.Count, holdings);
    }

    private async Task TurnAsync(Sale sale)
    {
        if (await _server.AskAsync(redis => redis.KeyExistsAsync(RedisSales.Gate(sale.Id))))
        {
            await _server.AskAsync(redis => RedisSales.TurnAsync(redis, sale.Id, _clock.GetUtcNow()));
        }
    }

    private async Task<(string Reference, string Redis)> BothAsync(Func<ISharedGate, Task<string>> ask) =>
        (await ask(_reference), await ask(_redis));

    private static async Task<string> DescribeAsync(ISharedGate gate, Sale sale)
    {
        var report = await gate.ReportAsync(sale.Id, default);
        IEnumerable<HeldOrder> orders = report?.Orders ?? [];
        var lines = orders.Select(order => $"{order}").Order(StringComparer.Ordinal);
        var mine = await gate.OrdersOfAsync(sale.Id, BuyerId.Parse("buyer-0"), default);
        return $"{await gate.LookAsync(sale.Id, default)}\n{string.Join('\n', lines)}\n{string.Join(' ', mine)}";
    }

    private async Task<string?> DifferenceOfLogsAsync(Sale sale)
    {
        var inRedis = await _server.AskAsync(redis => redis.KeyExistsAsync(RedisSales.Claims(sale.Id)))
            ? await _server.AskAsync(redis => RedisSales.LogOfAsync(redis, sale.Id))
            : [];
        var (reference, other) = (Describe(_reference.LogOf(sale.Id)), Describe(inRedis));
        return reference == other ? null : $"The log of {sale.Id}\n{reference}\nRedis:\n{other}";
    }

    private static string Describe(IReadOnlyList<AdmittedBatch> log) => string.Join('\n', log.Select(entry =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Id} {entry.Epoch} {entry.Revision} {entry.AdmittedAt:O}: {string.Join(", ", entry.Claims)}")));
}
