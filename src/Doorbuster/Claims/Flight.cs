namespace Doorbuster.Claims;

/// <summary>Claims that a lane has taken from its queue together, and what takes them through the gate.</summary>
/// <param name="most">The most claims of a batch.</param>
internal sealed class Flight(int most)
{
    /// <summary>Those that nobody has answered; whoever takes one from here answers it.</summary>
    public List<PendingClaim> Claims { get; } = new(most);

    /// <summary>Sorts them.</summary>
    public BatchSorter Sorter { get; } = new();

    /// <summary>What is decided of them now, or was last.</summary>
    public Task Deciding { get; set; } = Task.CompletedTask;
}
