namespace Doorbuster.Dispatch;

/// <summary>
/// What shared gates admitted and the order store may not have yet, one log a sale. An entry stays until it is
/// acknowledged. It is delivered at least once: to one reader at first, and to another where that one has had it for
/// too long. Every call may be made again.
/// </summary>
/// <remarks>A log is one reader's: what it is given counts as in that reader's hands.</remarks>
public interface IClaimLog
{
    /// <summary>Entries that no reader has been given yet, each sale's in their order. It waits for none.</summary>
    /// <param name="sales">The sales to read; one without a log has no entries.</param>
    /// <param name="most">The most entries of one sale, at least 1.</param>
    /// <param name="cancellationToken">Gives up; what was given and did not arrive is taken over later.</param>
    /// <exception cref="ClaimLogUnavailableException">The log cannot be read now.</exception>
    ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Entries that a reader, this one too, was given so long ago that it must have lost them; from now on they are
    /// this reader's. One that is only slow commits what is then a replay (F10).
    /// </summary>
    /// <param name="sales">The sales to read.</param>
    /// <param name="idle">How long ago; more than the longest commit.</param>
    /// <param name="most">The most entries of one sale, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClaimLogUnavailableException">The log cannot be read now.</exception>
    ValueTask<IReadOnlyList<AdmittedBatch>> TakeOverAsync(
        IReadOnlyCollection<SaleId> sales, TimeSpan idle, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes entries, whoever has them: each of their claims is an order, a rejection or a dead letter in the store.
    /// Twice is once.
    /// </summary>
    /// <exception cref="ClaimLogUnavailableException">Some may not be deleted: acknowledge them again.</exception>
    ValueTask AcknowledgeAsync(IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken);

    /// <summary>
    /// Everything that is in a sale's log, others' entries included, in its order: a rebuild commits it. It is given to
    /// nobody.
    /// </summary>
    /// <param name="sale">The sale.</param>
    /// <param name="after">The id of the entry after which to begin; null for the first.</param>
    /// <param name="most">The most entries, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClaimLogUnavailableException">The log cannot be read now.</exception>
    ValueTask<IReadOnlyList<AdmittedBatch>> ScanAsync(
        SaleId sale, string? after, int most, CancellationToken cancellationToken);

    /// <summary>How much a sale's log holds.</summary>
    /// <exception cref="ClaimLogUnavailableException">The log cannot be read now.</exception>
    ValueTask<LogDepth> MeasureAsync(SaleId sale, CancellationToken cancellationToken);
}

/// <summary>How much a sale's log holds.</summary>
/// <param name="Entries">Entries that are not acknowledged.</param>
/// <param name="OldestAt">When the oldest of them was admitted, by the gate's clock; null where there is none.</param>
public readonly record struct LogDepth(long Entries, DateTimeOffset? OldestAt);
