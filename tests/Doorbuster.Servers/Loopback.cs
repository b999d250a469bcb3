using System.Net;
using System.Net.NetworkInformation;

namespace Doorbuster.Servers;

/// <summary>
/// Ports for servers that must be found again at the same address after a restart. They lie below those that the system
/// hands out by itself, so that no connection takes one in between.
/// </summary>
public static class Loopback
{
    private const int First = 10_000;
    private const int Count = 18_000;
    private const int BlocksEnd = 30_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>A port on which nobody listens, and which this process gives out once.</summary>
    public static int NextPort()
    {
        var taken = Taken();
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (!taken.Contains(port))
            {
                return port;
            }
        }
    }

    /// <summary>
    /// The first of so many ports in a row on which nobody listens, none of which <see cref="NextPort"/> gives out.
    /// </summary>
    /// <param name="count">How many, at most 1,000.</param>
    public static int Block(int count)
    {
        var taken = Taken();
        return Enumerable.Range(1, 2)
            .Select(place => BlocksEnd - (place * count))
            .First(first => !Enumerable.Range(first, count).Any(taken.Contains));
    }

    /// <summary>The address of a port.</summary>
    /// <param name="port">The port.</param>
    public static Uri Address(int port) => new($"http://{IPAddress.Loopback}:{port}");

    /// <summary>Whether somebody listens on a port.</summary>
    /// <param name="port">The port.</param>
    public static bool IsTaken(int port) => Taken().Contains(port);

    private static HashSet<int> Taken() =>
        [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
}
