using System.Net;
using System.Net.NetworkInformation;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// Ports for servers that must be found again at the same address after a restart. They lie below those that the system
/// hands out by itself, so that no connection takes one in between.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 10_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>A port on which nobody listens, and which this process gives out once.</summary>
    public static int Next()
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

    /// <summary>The first of so many ports in a row on which nobody listens, below <see cref="Next"/>.</summary>
    public static int Block(int count)
    {
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        var taken = listeners.Select(listener => listener.Port).ToHashSet();
        return Enumerable.Range(0, 2)
            .Select(place => First - ((place + 1) * count))
            .First(first => !Enumerable.Range(first, count).Any(taken.Contains));
    }

    /// <summary>The address of a port on loopback.</summary>
    public static Uri Address(int port) => new($"http://{IPAddress.Loopback}:{port}");
}
