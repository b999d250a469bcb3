namespace Doorbuster.Simulation.Scheduling;

/// <summary>Something that is done in a realm when its moment has come.</summary>
internal sealed class Word(Realm realm, Action arrive) : Alarm(realm)
{
    /// <inheritdoc/>
    public override void Ring() => arrive();
}
