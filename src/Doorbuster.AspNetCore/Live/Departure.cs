using System.Net.WebSockets;

namespace Doorbuster.AspNetCore.Live;

/// <summary>The ways in which a connection says that its client is gone: none of them is a fault.</summary>
internal static class Departure
{
    public static bool Is(Exception fault) =>
        fault is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
