using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;

namespace Doorbuster.Reconciliation;

/// <summary>The order store's side of admitted claims that could not be written.</summary>
public interface IDeadLetters
{
    /// <summary>Dead letters in ascending order of id, a page of them.</summary>
    /// <param name="after">The id to go on from, which need not exist; null begins with the first.</param>
    /// <param name="most">The most of them, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(
        DeadLetterId? after, int most, CancellationToken cancellationToken);

    /// <summary>One dead letter; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<DeadLetter?> FindLetterAsync(DeadLetterId id, CancellationToken cancellationToken);

    /// <summary>
    /// Those of sales that the store has which were buried before a time, in ascending order of id, a page of them.
    /// </summary>
    /// <param name="before">The time.</param>
    /// <param name="after">The id to go on from, which need not exist; null begins with the first.</param>
    /// <param name="most">The most of them, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<DeadLetterId>> OverdueAsync(
        DateTimeOffset before, DeadLetterId? after, int most, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction, under the sale's lock, tries a dead letter again under the epoch that it carries then: a
    /// rebuild that held its units for it meanwhile has given it the new one (I2, I4).
    /// </summary>
    /// <returns>What became of it; null where it is no dead letter any more.</returns>
    /// <exception cref="BadClaimException">It still cannot be written; nothing was changed.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: doing it again tells.</exception>
    ValueTask<ReplayAnswer?> ReplayAsync(DeadLetterId id, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction, under the sale's lock, gives a dead letter up: a buyer's claim becomes a rejection, late
    /// money goes back, and the units that a gate holds for it are released. One that is gone, or whose claim stands by
    /// now, changes nothing.
    /// </summary>
    /// <returns>
    /// The order that stands under the id afterwards; null where none does, or it is no dead letter any more.
    /// </returns>
    /// <exception cref="BadClaimException">Not even the rejection can be written; nothing was changed.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: doing it again tells.</exception>
    ValueTask<Order?> RejectAsync(DeadLetterId id, CancellationToken cancellationToken);
}

/// <summary>The name of a dead letter: its order's id and the turn of its claim, <c>&lt;orderId&gt;.&lt;turn&gt;</c>.
/// </summary>
/// <param name="Order">The order that it would be.</param>
/// <param name="Turn">0 for a buyer's claim; above 0 where late money asks.</param>
public readonly record struct DeadLetterId(OrderId Order, int Turn)
{
    /// <summary>The name of a claim's dead letter.</summary>
    public static DeadLetterId Of(in Claim claim) => new(claim.Order, claim.Revival?.Turn ?? 0);

    /// <summary>Reads a name as it is written.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeadLetterId id)
    {
        id = default;
        var dot = text?.LastIndexOf('.') ?? -1;
        if (dot <= 0 || !OrderId.TryParse(text![..dot], out var order)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var turn))
        {
            return false;
        }

        id = new DeadLetterId(order, turn);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Order}.{Turn}");
}

/// <summary>An admitted claim that could not be written: queued, holding its units, until it is seen to.</summary>
/// <param name="Entry">The entry as it came, with this claim alone, under the epoch that it carries now.</param>
/// <param name="BuriedAt">Since when it is a dead letter.</param>
/// <param name="Reason">Why it could not be written.</param>
public sealed record DeadLetter(AdmittedBatch Entry, DateTimeOffset BuriedAt, string Reason)
{
    /// <summary>Its name.</summary>
    public DeadLetterId Id => DeadLetterId.Of(Entry.Claims[0]);
}

/// <summary>What became of a dead letter that was tried again.</summary>
/// <param name="Order">The order that stands under its name now; null where none does.</param>
/// <param name="Reason">Why it is still a dead letter; null where it is none any more.</param>
public sealed record ReplayAnswer(Order? Order, string? Reason = null)
{
    /// <summary>
    /// The answer where late money's claim lost its units to others in a rebuild: a new gate may have some for it.
    /// </summary>
    /// <param name="order">The order that stands, which is not paid.</param>
    public static ReplayAnswer AsksAgain(Order? order) => new(
        order, "Its units were given to others when the gate was opened anew. Its payment asks for others by itself.");
}
