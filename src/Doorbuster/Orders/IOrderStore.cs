using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>
/// The order store's side of an order's life after its claim. Every call may be made again: whatever stands already
/// stands once.
/// </summary>
public interface IOrderStore
{
    /// <summary>
    /// Decides commands by <see cref="OrderRule"/>, in the order given, and commits what they change in one
    /// transaction: order, stock, payment and events together. On disk when it returns.
    /// </summary>
    /// <returns>One answer a command, at the command's place.</returns>
    /// <exception cref="BadCommandException">
    /// A constraint refuses one of them; nothing was written. Without it the others may be.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">
    /// It may stand or not; the same commands give the same answers.
    /// </exception>
    ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Orders whose payment window has ended by now and that are still reserved; the earliest first. An order comes
    /// again until it is not.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many at most; fewer come only where no more are due.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<OrderId>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// How many orders of each sale are reserved until some moment at the latest; those that are due already are among
    /// them. It costs no more than so many rows, however many orders there are.
    /// </summary>
    /// <param name="until">The moment.</param>
    /// <param name="most">How many rows are looked at, at most: with as many, there may be more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A sale without any is left out.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
        DateTimeOffset until, int most, CancellationToken cancellationToken);

    /// <summary>Payments that something must still be done about: late money, and refunds due.</summary>
    /// <param name="after">The place to go on from; 0 begins with the oldest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The payments with their places, in ascending order of place.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
        long after, int limit, CancellationToken cancellationToken);

    /// <summary>A sale's transitions after one of them, in order and without a gap.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="after">The number to go on from; 0 begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
        SaleId sale, long after, int limit, CancellationToken cancellationToken);
}
