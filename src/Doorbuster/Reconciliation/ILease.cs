namespace Doorbuster.Reconciliation;

/// <summary>
/// Turns at what only one node at a time should do. A lease runs out by a clock that all nodes share, so one whose
/// holder died is free again after its life. It saves work and is no fence: who was slow may still believe in a lease
/// that has run out.
/// </summary>
public interface ILease
{
    /// <summary>Takes a lease that is free, or that this holder has already.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="holder">Who takes it: one name a process, and never the same again.</param>
    /// <param name="life">How long it lasts unless it is renewed.</param>
    /// <param name="cancellationToken">Gives up; the lease may be taken or not.</param>
    /// <returns>Null where another holder has it.</returns>
    /// <exception cref="StoreUnavailableException">It may be taken or not.</exception>
    ValueTask<LeaseGrant?> TakeAsync(
        string name, string holder, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Lets a lease last so long from now on.</summary>
    /// <returns>False where it has run out, or is another's.</returns>
    /// <exception cref="StoreUnavailableException">It may last longer or not.</exception>
    ValueTask<bool> RenewAsync(LeaseGrant grant, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Gives a lease back; one that is another's by now stays that one's.</summary>
    /// <exception cref="StoreUnavailableException">It may be free or not; it runs out by itself.</exception>
    ValueTask ReleaseAsync(LeaseGrant grant, CancellationToken cancellationToken);
}

/// <summary>A lease as it was taken.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Holder">Who took it.</param>
/// <param name="Number">Grows with each taking of this lease.</param>
public sealed record LeaseGrant(string Name, string Holder, long Number);
