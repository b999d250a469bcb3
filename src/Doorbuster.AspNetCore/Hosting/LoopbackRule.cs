using System.Net;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>A server with keys of its own making listens on this machine alone.</summary>
internal static class LoopbackRule
{
    /// <summary>What is wrong with the addresses; null where nothing is.</summary>
    /// <param name="addresses">Where the server listens.</param>
    /// <param name="missing">The settings without which only loopback will do.</param>
    public static string? Violation(IEnumerable<string> addresses, IReadOnlyList<string> missing)
    {
        var outside = addresses.Where(address => !IsLoopback(address)).ToArray();
        return missing.Count == 0 || outside.Length == 0
            ? null
            : $"The server listens on {string.Join(", ", outside)}, which others can reach; without "
                + $"{string.Join(", and ", missing)}, it must listen on loopback alone, http://127.0.0.1:8080 for "
                + "example. Set what is missing, or change the address.";
    }

    /// <summary>Whether only this machine reaches an address; what cannot be read counts as reachable by all.</summary>
    private static bool IsLoopback(string address)
    {
        try
        {
            var binding = BindingAddress.Parse(address);
            return binding.IsUnixPipe || binding.IsNamedPipe
                || binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(binding.Host, out var ip) && IPAddress.IsLoopback(ip));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
