namespace Doorbuster.Simulation.Scheduling;

/// <summary>Something that is due at a moment, in a realm.</summary>
internal abstract class Alarm(Realm realm)
{
    /// <summary>Whose it is; where the realm is over, it does not ring.</summary>
    public Realm Realm => realm;

    /// <summary>Grows each time it is set anew; what was set before then is forgotten.</summary>
    public int Setting { get; set; }

    /// <summary>The moment has come.</summary>
    public abstract void Ring();
}
