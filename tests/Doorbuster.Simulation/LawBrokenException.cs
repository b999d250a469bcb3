namespace Doorbuster.Simulation;

/// <summary>What a world has shown to be broken.</summary>
internal sealed class LawBrokenException(string law, string what) : Exception($"{law}: {what}")
{
    /// <summary>The law, in a few words.</summary>
    public string Law => law;

    /// <summary>What was seen.</summary>
    public string What => what;
}
