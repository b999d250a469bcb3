using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>How many files a process may have open: each connection is one, at the server and at its client.</summary>
internal static class OpenFiles
{
    /// <summary>What a process has open beside the connections of a crowd: those of claims, its store, its libraries.
    /// </summary>
    private const int Others = 500;

    /// <summary>
    /// So many connections, or as many as are allowed; the runtime raises the soft limit to the hard one itself, which
    /// root alone may raise, and not everywhere.
    /// </summary>
    public static int AtMost(int connections)
    {
        var limits = File.ReadLines("/proc/self/limits")
            .First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var hard = limits[^2] == "unlimited" ? int.MaxValue : int.Parse(limits[^2], CultureInfo.InvariantCulture);
        return Math.Min(connections, hard - Others);
    }
}
