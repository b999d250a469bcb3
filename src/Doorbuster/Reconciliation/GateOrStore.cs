using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;

namespace Doorbuster.Reconciliation;

/// <summary>
/// The gate that nodes share, and in the place of one that was removed with its sale the order store, which has all
/// that the gate knew: a replay is a replay still, everything else is told that the sale is closed, and late money asks
/// the store itself for its units.
/// </summary>
/// <remarks>
/// Invariant: a gate is gone for good only after its log was empty, so that whatever it has admitted stands in the
/// store (I4); and the store's epoch is higher than that gate's, so that nothing it might still say counts (I1). Tests:
/// <c>EndedSaleTests</c>.
/// </remarks>
/// <param name="gate">The gate.</param>
/// <param name="ended">The sales that are over.</param>
/// <param name="store">The store's side of them.</param>
/// <param name="ledger">Where orders are read.</param>
/// <param name="fulfilment">Where late money asks.</param>
/// <param name="clock">The time.</param>
public sealed class GateOrStore(
    ISharedGate gate, EndedSales ended, ISaleEnding store, ILedger ledger, IFulfilmentLedger fulfilment,
    TimeProvider clock) : ISharedGate
{
    /// <summary>The name of an entry that is in no log.</summary>
    private const string NoLog = "late-money";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Servers => gate.Servers;

    /// <inheritdoc/>
    public string ServerOf(SaleId sale) => gate.ServerOf(sale);

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        if (ended.IsEmpty)
        {
            await gate.ClaimAsync(batches, cancellationToken);
            return;
        }

        var standing = new List<SaleBatch>(batches.Count);
        foreach (var batch in batches)
        {
            if (ended.TryFind(batch.Sale, out var view))
            {
                await AnswerAsync(batch, view, cancellationToken);
            }
            else
            {
                standing.Add(batch);
            }
        }

        if (standing.Count > 0)
        {
            await gate.ClaimAsync(standing, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken) =>
        gate.OpenAsync(snapshot, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken) =>
        gate.ReleaseAsync(releases, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        ended.TryFind(sale.Id, out var view)
            ? ValueTask.FromResult<StockView?>(view)
            : gate.ApplyAsync(sale, epoch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        ended.Has(sale) ? ValueTask.FromResult<GateReport?>(null) : gate.ReportAsync(sale, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        ended.Has(sale)
            ?
            [
                .. (await StoredAsync(sale, [buyer], cancellationToken))[0]
                    .Select(order => new OrderId(sale, order.Key)),
            ]
            : await gate.OrdersOfAsync(sale, buyer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        ended.TryFind(sale, out var view)
            ? ValueTask.FromResult(new GateLook(GateStanding.Open, view.Epoch, view))
            : gate.LookAsync(sale, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GateLook?>> LookAtAllAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken)
    {
        if (ended.IsEmpty)
        {
            return await gate.LookAtAllAsync(sales, cancellationToken);
        }

        SaleId[] standing = [.. sales.Where(sale => !ended.Has(sale))];
        var looks = new Queue<GateLook?>(
            standing.Length == 0 ? [] : await gate.LookAtAllAsync(standing, cancellationToken));
        var stand = standing.ToHashSet();
        return
        [
            .. sales.Select(sale => stand.Contains(sale) ? looks.Dequeue()
                : ended.TryFind(sale, out var view) ? new GateLook(GateStanding.Open, view.Epoch, view)
                : null),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask<BuyerHoldings?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        ended.TryFind(sale, out var view)
            ? new BuyerHoldings(view.Epoch, (await StoredAsync(sale, [buyer], cancellationToken))[0])
            : await gate.HeldByAsync(sale, buyer, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) =>
        ended.Has(sale)
            ? await StoredAsync(sale, buyers, cancellationToken)
            : await gate.HeldByAllAsync(sale, buyers, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        gate.FenceAsync(sale, epoch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        gate.RemoveAsync(sale, epoch, cancellationToken);

    private async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> StoredAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        try
        {
            return await store.OrdersOfAsync(sale, buyers, cancellationToken);
        }
        catch (StoreUnavailableException fault)
        {
            throw new GateUnavailableException($"Sale '{sale}' is over, and its orders cannot be read now.", fault);
        }
    }

    private async ValueTask AnswerAsync(SaleBatch batch, StockView view, CancellationToken cancellationToken)
    {
        batch.View = view;
        try
        {
            var claims = batch.Claims.ToArray();
            var standing = (await ledger.FindAsync(
                [.. claims.Select(claim => claim.Order).Distinct()], cancellationToken))
                .Select(order => order.Id).ToHashSet();
            for (var i = 0; i < claims.Length; i++)
            {
                var answer = claims[i].Revival is not null
                    ? await ReviveAsync(claims[i], view, cancellationToken)
                    : new ClaimAnswer(
                        standing.Contains(claims[i].Order) ? Outcome.Replayed
                        : claims[i].IsReplay ? Outcome.TokenExpired
                        : Outcome.Closed);
                batch.Answers[i] = answer;
            }
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            batch.Answers.Fill(ClaimAnswer.Busy);
        }
    }

    /// <summary>
    /// Late money's claim becomes what it becomes in the store at once, as it would from the log. Where that is not
    /// known, or the money goes back, whoever asked finds out from the store.
    /// </summary>
    private async ValueTask<ClaimAnswer> ReviveAsync(Claim claim, StockView view, CancellationToken cancellationToken)
    {
        var sale = claim.Order.Sale;
        var entry = new AdmittedBatch(sale, NoLog, view.Epoch, long.MaxValue, clock.GetUtcNow(), [claim]);
        try
        {
            var orders = await fulfilment.FulfilAsync([entry], cancellationToken);
            return orders is [{ Status: OrderStatus.Paid }]
                ? new ClaimAnswer(Outcome.Admitted)
                : ClaimAnswer.Busy;
        }
        catch (OutcomeUnknownException)
        {
            return ClaimAnswer.Unknown;
        }
        catch (BadClaimException fault)
        {
            await fulfilment.BuryAsync(entry, fault.Message, cancellationToken);
            return ClaimAnswer.Busy;
        }
    }
}
