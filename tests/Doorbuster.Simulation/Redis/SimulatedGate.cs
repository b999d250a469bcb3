using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;

namespace Doorbuster.Simulation.Redis;

/// <summary>
/// The shared gate as one node reaches it: each call is one command or some of them, and says of what was not answered
/// what the node's own client would say.
/// </summary>
/// <param name="link">The node's connection.</param>
/// <param name="town">The servers, and the book of what they admit.</param>
internal sealed class SimulatedGate(RedisLink link, RedisTown town) : ISharedGate
{
    private const int MostAttempts = 3;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Servers { get; } = ["redis"];

    /// <inheritdoc/>
    public string ServerOf(SaleId sale) => "redis";

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.WhenAll(batches.Select(ClaimAsync));
    }

    /// <inheritdoc/>
    public async ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var begun = await link.SendAsync(gate => gate.Begin(snapshot.Sale.Id));
            if (!begun.IsAnswered)
            {
                return null;
            }

            if (begun.Value.Epoch >= snapshot.Epoch)
            {
                return await ViewAsync(snapshot.Sale.Id);
            }

            var name = new object();
            if (!await LoadAsync(snapshot, name))
            {
                continue;
            }

            var swapped = await link.SendAsync(gate => gate.Swap(snapshot, name, begun.Value));
            if (!swapped.IsAnswered)
            {
                return null;
            }

            if (swapped.Value)
            {
                return await ViewAsync(snapshot.Sale.Id);
            }

            if (swapped.IsRepeat)
            {
                // It may have been opened, unheard, and lost since: a snapshot is given to a gate once.
                return null;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        var views = new List<(SaleId, StockView)>();
        foreach (var ofSale in releases.GroupBy(release => release.Order.Sale))
        {
            Release[] some = [.. ofSale];
            views.AddRange((await link.SendAsync(gate => AtOnce.Of(gate.ReleaseAsync(some, default)))).Value ?? []);
        }

        return views;
    }

    /// <inheritdoc/>
    public async ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        (await link.SendAsync(gate => AtOnce.Of(gate.ApplyAsync(sale, epoch, default)))).Value;

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        KnownAsync(gate => AtOnce.Of(gate.ReportAsync(sale, default)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        KnownAsync(gate => AtOnce.Of(gate.OrdersOfAsync(sale, buyer, default)));

    /// <inheritdoc/>
    public ValueTask<BuyerHoldings?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        KnownAsync(gate => AtOnce.Of(gate.HeldByAsync(sale, buyer, default)));

    /// <inheritdoc/>
    public ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        KnownAsync(gate => AtOnce.Of(gate.LookAsync(sale, default)));

    /// <inheritdoc/>
    public async ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        (await link.SendAsync(gate =>
        {
            town.NoteBehind(sale);
            town.Book.Fence(sale, epoch, gate == town.Primary.Data);
            return AtOnce.Of(gate.FenceAsync(sale, epoch, default));
        })).Value;

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        (await link.SendAsync(gate =>
        {
            var isGone = AtOnce.Of(gate.RemoveAsync(sale, epoch, default));
            if (isGone)
            {
                town.Book.Remove(sale, epoch);
            }

            return isGone;
        })).Value;

    private async Task ClaimAsync(SaleBatch batch)
    {
        // Of their own: a command that comes late must not read what the lane has made of its batch since.
        var sale = batch.Sale;
        var claims = batch.Claims.ToArray();
        var sent = await link.SendAsync(gate => Claim(gate, sale, claims));
        if (sent.Value is not { } said || IsInDoubt(sent))
        {
            batch.Answers.Fill(sent.End == SentEnd.NotDone ? ClaimAnswer.Busy : ClaimAnswer.Unknown);
            return;
        }

        said.Answers.CopyTo(batch.Answers);
        batch.View = said.View;
    }

    /// <summary>Whether a gate may have done it for which the answer does not speak, as GateAsks has it.</summary>
    private static bool IsInDoubt(in Sent<SaleBatch> sent) =>
        sent.IsRepeat && (sent.Value!.View is not { } view || view.Epoch < sent.Unheard!.View?.Epoch);

    private SaleBatch Claim(InMemorySharedGate gate, SaleId sale, Claim[] claims)
    {
        var batch = new SaleBatch();
        batch.Begin(sale);
        foreach (var claim in claims)
        {
            batch.Add(claim);
        }

        AtOnce.Do(gate.ClaimAsync([batch], default));
        if (batch.View is { } view)
        {
            var admitted = claims.Where((_, place) => batch.Answers[place].Outcome == Outcome.Admitted);
            town.Book.Admit(sale, view.Epoch, gate == town.Primary.Data, admitted);
        }

        return batch;
    }

    /// <summary>Loads every buyer, in two parts; false where it is not sure that all were.</summary>
    private async Task<bool> LoadAsync(GateSnapshot snapshot, object name)
    {
        (BuyerId Buyer, HeldOrder[] Orders)[] buyers =
        [
            .. snapshot.Holdings.All().GroupBy(held => held.Buyer)
                .Select(mine => (mine.Key, mine.Select(held => held.Order).ToArray())),
        ];
        var half = buyers.Length / 2;
        var loads = await Task.WhenAll(LoadAsync(name, buyers[..half]), LoadAsync(name, buyers[half..]));
        return Array.TrueForAll(loads, isLoaded => isLoaded);
    }

    private async Task<bool> LoadAsync(object name, (BuyerId Buyer, HeldOrder[] Orders)[] some) =>
        (await link.SendAsync(gate =>
        {
            gate.Load(name, some);
            return true;
        })).IsAnswered;

    private async ValueTask<StockView?> ViewAsync(SaleId sale) =>
        (await link.SendAsync(gate => AtOnce.Of(gate.LookAsync(sale, default)))).Value.View;

    private ValueTask<T> KnownAsync<T>(Func<InMemorySharedGate, T> command) =>
        link.AskAsync(command, static end => new GateUnavailableException($"Redis: {end}."));
}
