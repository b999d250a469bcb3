using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Doorbuster.Adapters.Tests.Servers;

/// <summary>Programs that serve on loopback, each from a folder of its own that goes with it.</summary>
internal static class Loopback
{
    /// <summary>A port that nobody listens on now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static Process Start(string program, string folder, params IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
        })!;
}
