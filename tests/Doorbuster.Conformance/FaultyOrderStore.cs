using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Conformance;

/// <summary>
/// An order store whose changes go wrong as a test draws it: nothing is written, or nobody is told that it was.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="draw">Draws what becomes of a call that writes, after as long as it takes.</param>
public sealed class FaultyOrderStore(IOrderStore inner, Func<ValueTask<CommitFault>> draw) : IOrderStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var fault = await draw();
        var answers = fault is CommitFault.None or CommitFault.UnknownAndDone
            ? await inner.ApplyAsync(commands, now, cancellationToken)
            : [];
        return fault switch
        {
            CommitFault.None => answers,
            CommitFault.Failed => throw new StoreUnavailableException("A fault was drawn."),
            _ => throw new OutcomeUnknownException("A fault was drawn."),
        };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderId>> DueAsync(
        DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.DueAsync(now, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
        DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        inner.ExpiringAsync(until, most, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
        long after, int limit, CancellationToken cancellationToken) =>
        inner.UnsettledAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
        SaleId sale, long after, int limit, CancellationToken cancellationToken) =>
        inner.EventsAsync(sale, after, limit, cancellationToken);
}
