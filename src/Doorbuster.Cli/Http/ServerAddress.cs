using System.Diagnostics.CodeAnalysis;

namespace Doorbuster.Cli.Http;

/// <summary>The address of a server, as a person gives it.</summary>
internal static class ServerAddress
{
    /// <summary>Reads an http or https address without a query.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out Uri address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { Host.Length: > 0, Query: "", Fragment: "", UserInfo: "" };

    /// <summary>The address to call where a server listens: a wildcard stands for this machine among others.</summary>
    public static string Callable(string listening) => listening
        .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://[::]", "://[::1]", StringComparison.Ordinal)
        .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://*", "://127.0.0.1", StringComparison.Ordinal);
}
