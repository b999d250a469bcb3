namespace Doorbuster.Dispatch;

/// <summary>
/// Carries entries of the claim log to workers. It may lose or double anything, and bring it in any order: an entry
/// stays in the log until it stands, and is sent again; and what comes twice is a replay.
/// </summary>
public interface IClaimTransport
{
    /// <summary>Sends entries, each under the id that it has in the log. It ends after a time of its own.</summary>
    /// <returns>Those that were surely taken; the others may be sent again, or come twice.</returns>
    ValueTask<IReadOnlyCollection<AdmittedBatch>> SendAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken);

    /// <summary>Waits for entries; there is at least one.</summary>
    /// <param name="most">The most of them, at least 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TransportUnavailableException">Nothing can be received now.</exception>
    ValueTask<IReadOnlyList<Delivery>> ReceiveAsync(int most, CancellationToken cancellationToken);

    /// <summary>
    /// Says that these need not be brought again. Where that cannot be said they are, which does no harm.
    /// </summary>
    ValueTask AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);
}

/// <summary>An entry as a transport brought it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Receipt">By what the transport knows it again.</param>
public sealed record Delivery(AdmittedBatch Entry, object Receipt);
