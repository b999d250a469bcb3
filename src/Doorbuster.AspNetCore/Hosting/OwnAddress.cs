using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>How a server is called from its own machine.</summary>
internal static class OwnAddress
{
    /// <summary>
    /// An address at which the server answers, without a slash at its end: http before https, whose certificate names
    /// the server as others call it. Null where it listens on nothing that has an address.
    /// </summary>
    /// <param name="addresses">Where it listens.</param>
    public static string? Of(IEnumerable<string> addresses) =>
        addresses.Select(Callable).OfType<Uri>().OrderBy(address => address.Scheme, StringComparer.Ordinal)
            .FirstOrDefault()?.AbsoluteUri.TrimEnd('/');

    private static Uri? Callable(string listening)
    {
        var binding = BindingAddress.Parse(listening);
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
        return !binding.IsUnixPipe && !binding.IsNamedPipe
            && Uri.TryCreate(
                $"{binding.Scheme}://{host}:{binding.Port}{binding.PathBase}", UriKind.Absolute, out var address)
            ? address
            : null;
    }
}
