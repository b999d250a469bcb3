using Doorbuster.Claims;
using Doorbuster.Orders;

namespace Doorbuster.Tests.Claims;

/// <summary>A gate that admits everything, remembers its batches, and waits or fails where a test says so.</summary>
internal sealed class ScriptedGate : IGate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every call so far: the batches of a call, each with its claims' order ids in order.</summary>
    public List<IReadOnlyList<IReadOnlyList<OrderId>>> Calls { get; } = [];

    /// <summary>Runs inside each call, before anything is answered.</summary>
    public Func<Task>? During { get; set; }

    /// <summary>Completes once the gate was called.</summary>
    public Task Reached => _reached.Task;

    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        Calls.Add([.. batches.Select(Ids)]);
        _reached.TrySetResult();
        if (During is { } during)
        {
            await during();
        }

        foreach (var batch in batches)
        {
            batch.Answers.Fill(new ClaimAnswer(Outcome.Admitted));
        }
    }

    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken) =>
        new((StockView?)null);

    public ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken) => new([]);

    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        new((StockView?)null);

    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        new((GateReport?)null);

    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) => new([]);

    private static IReadOnlyList<OrderId> Ids(SaleBatch batch) =>
        batch.Claims.ToArray().Select(claim => claim.Order).ToList();
}
