using Doorbuster.Fulfilment;

namespace Doorbuster.Claims;

/// <summary>
/// The order store where it is the gate itself: it has claims judged on what its own transaction has read, and writes
/// what they are granted in that transaction. Any number of nodes may do so at once. Every call may be made again.
/// </summary>
public interface IGateStore
{
    /// <summary>
    /// Has the batches judged and writes what they are granted, all sales in one transaction that locks them in
    /// ascending order of id, or compares their versions with what was read. On disk when it returns. What time alone
    /// decides, that a sale has closed or a token is over, is never told while a transaction may be under way.
    /// </summary>
    /// <param name="batches">One a sale.</param>
    /// <param name="judge">Called for each batch with what was read of its sale; the last call counts.</param>
    /// <param name="isInDoubt">
    /// Whether a transaction of these claims may still be under way: then it has ended before anything is read.
    /// </param>
    /// <param name="cancellationToken">Ends the call only before the transaction begins to write.</param>
    /// <returns>
    /// How it ended. Sales that somebody else changed after they had been read are left out as changed: nothing of them
    /// was written, and they are to be judged again.
    /// </returns>
    ValueTask<CommitReceipt> ClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken);

    /// <summary>What a sale has left, as of some commit; null where there is no such sale.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<StockView?> LookAsync(SaleId sale, CancellationToken cancellationToken);

    /// <summary>Some buyers' orders in a sale with what they hold, in the order they were made.</summary>
    /// <returns>Each buyer's, in the order of the buyers.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken);

    /// <summary>
    /// What a sale has left with every order and every buyer, in one consistent read; null where there is no such sale.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<GateReport?> ReadOrdersAsync(SaleId sale, CancellationToken cancellationToken);
}

/// <summary>Judges a batch on what a transaction has read, and writes its answers.</summary>
/// <param name="batch">The batch.</param>
/// <param name="sale">Its sale; null where the store has none.</param>
/// <param name="now">The store's time, read after the sale.</param>
/// <returns>What is to be written; null where that is nothing.</returns>
public delegate Admissions? JudgeBatch(SaleBatch batch, FoundSale? sale, DateTimeOffset now);

/// <summary>A sale as a transaction has read it, with what its claims' buyers hold.</summary>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="Version">Grows with each change of what is available.</param>
/// <param name="Admitted">Claims admitted in its whole life.</param>
/// <param name="Revision">The revision of its terms.</param>
/// <param name="Available">Units nobody holds.</param>
/// <param name="Terms">By what it is judged.</param>
public sealed record FoundSale(
    long Epoch, long Version, long Admitted, long Revision, long Available, FoundTerms Terms)
{
    /// <summary>
    /// The claims' buyers who ever made an order, with the units that they hold in all and how many orders they made.
    /// </summary>
    public required IReadOnlyDictionary<BuyerId, (int Units, int Orders)> Buyers { get; init; }

    /// <summary>The orders that stand under the claims' ids, each once.</summary>
    public required IReadOnlyList<StandingOrder> Standing { get; init; }

    /// <summary>
    /// Whether late money's claim is still to be decided: its order has expired, and its payment asks for it under the
    /// claim's turn.
    /// </summary>
    public Func<Claim, bool> Asks { get; init; } = _ => false;
}

/// <summary>An order that stands under a claim's id.</summary>
/// <param name="Buyer">Whose it is.</param>
/// <param name="Order">What it holds, which is nothing once it has ended.</param>
/// <param name="ReservedAt">When its units were reserved, which tells who made it; null where it was rejected.</param>
public readonly record struct StandingOrder(BuyerId Buyer, HeldOrder Order, DateTimeOffset? ReservedAt);

/// <summary>The terms of a sale by which claims are judged and orders made.</summary>
/// <param name="OpensAt">From this moment on claims are admitted.</param>
/// <param name="ClosesAt">From this moment on none is; null where the sale is open-ended.</param>
/// <param name="Mode">What an operator has decided.</param>
/// <param name="PerBuyerLimit">The most units one buyer holds.</param>
/// <param name="Price">The price of one unit.</param>
/// <param name="PaymentWindow">How long a reservation waits for its payment.</param>
public sealed record FoundTerms(
    DateTimeOffset OpensAt, DateTimeOffset? ClosesAt, SaleMode Mode, int PerBuyerLimit, Money Price,
    TimeSpan PaymentWindow);
