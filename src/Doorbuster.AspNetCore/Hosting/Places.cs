namespace Doorbuster.AspNetCore.Hosting;

/// <summary>So many may do something at once; whoever finds no place comes again.</summary>
/// <param name="most">How many.</param>
internal sealed class Places(int most)
{
    private int _taken;

    /// <summary>Takes a place, which <see cref="GiveBack"/> gives back; false where all are taken.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives a place back that was taken.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
