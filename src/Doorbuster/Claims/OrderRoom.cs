namespace Doorbuster.Claims;

/// <summary>
/// How many orders the gate in memory keeps of all its sales together, and how many it may. Safe for use by several
/// threads at once.
/// </summary>
/// <param name="most">With so many, nothing more is admitted.</param>
internal sealed class OrderRoom(long most)
{
    private long _kept;
    private int _wasFull;

    /// <summary>Whether there are as many as may be.</summary>
    public bool IsFull => Volatile.Read(ref _kept) >= most;

    /// <summary>So many more are kept.</summary>
    public void Take(int orders) => Interlocked.Add(ref _kept, orders);

    /// <summary>So many are kept no longer.</summary>
    public void GiveBack(int orders) => Interlocked.Add(ref _kept, -orders);

    /// <summary>Whether it is full, and nobody was told so before.</summary>
    public bool IsFullForTheFirstTime() => IsFull && Interlocked.Exchange(ref _wasFull, 1) == 0;
}
