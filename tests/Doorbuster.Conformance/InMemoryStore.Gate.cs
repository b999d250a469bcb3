using Doorbuster.Claims;
using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>The reference store where it is the gate itself.</summary>
public sealed partial class InMemoryStore : IGateStore
{
    /// <inheritdoc/>
    public ValueTask<CommitReceipt> ClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            foreach (var batch in batches)
            {
                var row = _sales.GetValueOrDefault($"{batch.Sale}");
                if (judge(batch, row is null ? null : Found(row, batch), Clock.GetUtcNow()) is { } granted)
                {
                    row!.Commit(granted);
                    ReviveAll(row, granted);
                }
            }

            return ValueTask.FromResult(new CommitReceipt(CommitStatus.Committed));
        }
    }

    /// <inheritdoc/>
    public ValueTask<StockView?> LookAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_sales.TryGetValue($"{sale}", out var row) ? ViewOf(row) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var orders = (_sales.GetValueOrDefault($"{sale}")?.Orders ?? []).ToLookup(
                order => order.Buyer, order => new HeldOrder(order.Id.Key, order.Held, order.Turn));
            return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<HeldOrder>>>(
                [.. buyers.Select(buyer => orders[buyer].ToArray())]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReadOrdersAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(
                _sales.TryGetValue($"{sale}", out var row)
                    ? new GateReport(
                        ViewOf(row),
                        [.. row.Orders.Select(order => new HeldOrder(order.Id.Key, order.Held, order.Turn))])
                    {
                        Buyers = row.Orders.Select(order => BuyerHash.Of(order.Buyer.Utf8)).ToHashSet(),
                    }
                    : null);
        }
    }

    private static StockView ViewOf(InMemorySale row) => new(row.Epoch, row.AvailableVersion, row.Stock.Available);

    private FoundSale Found(InMemorySale row, SaleBatch batch)
    {
        var claims = batch.Claims.ToArray();
        var sale = row.Sale;
        var buyers = claims.Select(claim => claim.Buyer).ToHashSet();
        return new FoundSale(
            row.Epoch, row.AvailableVersion, row.Admitted, sale.Revision, row.Stock.Available,
            new FoundTerms(
                sale.OpensAt, sale.ClosesAt, sale.Mode, sale.PerBuyerLimit, sale.Price, sale.PaymentWindow))
        {
            Buyers = row.Orders.Where(order => buyers.Contains(order.Buyer))
                .GroupBy(order => order.Buyer)
                .ToDictionary(mine => mine.Key, mine => (mine.Sum(order => order.Held), mine.Count())),
            Standing =
            [
                .. claims.Select(claim => claim.Order.Key).Distinct().Select(row.Find).OfType<Order>()
                    .Select(order => new StandingOrder(
                        order.Buyer, new HeldOrder(order.Id.Key, order.Held, order.Held == 0 ? 0 : order.Turn),
                        order.ReservedAt)),
            ],
            Asks = claim => FulfilmentRule.Asks(
                claim, row.Find(claim.Order.Key), FindPayment(claim.Revival!.Payment)),
        };
    }
}
