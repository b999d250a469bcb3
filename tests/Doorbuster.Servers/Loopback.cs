using System.Net.NetworkInformation;

namespace Doorbuster.Servers;

/// <summary>
/// Ports for servers that must be found again at the same address after a restart. They lie below those that the system
/// hands out by itself, so that no connection takes one in between.
/// </summary>
public static class Loopback
{
    private const int First = 10_000;
    private const int Count = 10_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>A port on which nobody listens, and which this process gives out once.</summary>
    public static int NextPort()
    {
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        var taken = listeners.Select(listener => listener.Port).ToHashSet();
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (!taken.Contains(port))
            {
                return port;
            }
        }
    }

    /// <summary>Whether somebody listens on a port.</summary>
    /// <param name="port">The port.</param>
    public static bool IsTaken(int port) => Array.Exists(
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), listener => listener.Port == port);
}
