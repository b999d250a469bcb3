namespace Doorbuster.Simulation;

/// <summary>Calls of the references, which end before they return.</summary>
internal static class AtOnce
{
    /// <summary>What such a call returns.</summary>
    public static T Of<T>(ValueTask<T> call) => call.GetAwaiter().GetResult();

    /// <summary>Such a call has been made.</summary>
    public static void Do(ValueTask call) => call.GetAwaiter().GetResult();
}
