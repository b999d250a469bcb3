using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// Where a server is going to listen, as far as it is known before it does: so that a start which would be refused for
/// its addresses is refused before it has opened, and taken over, the order store.
/// </summary>
internal static class PlannedAddresses
{
    private const char Separator = ';';

    private static readonly (string Ports, string Scheme)[] OfPorts =
        [(WebHostDefaults.HttpPortsKey, "http"), (WebHostDefaults.HttpsPortsKey, "https")];

    /// <summary>
    /// The addresses, by the web server's own precedence: the configuration's endpoints, a program's or the
    /// configuration's addresses, or its ports. Empty where only the server's binding tells, because a program's code
    /// binds it, or where it binds nothing, as a test's server does.
    /// </summary>
    public static IReadOnlyList<string> Of(IServiceProvider services)
    {
        if (services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>() is not { } server
            || services.GetService<IConfiguration>() is not { } configuration)
        {
            return [];
        }

        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(endpoint => endpoint["Url"]).OfType<string>().ToArray();
        string[] urls = server.Addresses.Count > 0 ? [.. server.Addresses] : UrlsOf(configuration);
        var urlsWin = server.PreferHostingUrls || IsTrue(configuration[WebHostDefaults.PreferHostingUrlsKey]);
        return endpoints.Length > 0 && !(urlsWin && urls.Length > 0) ? endpoints : urls;
    }

    private static string[] UrlsOf(IConfiguration configuration)
    {
        var urls = Split(configuration[WebHostDefaults.ServerUrlsKey]);
        return urls.Length > 0
            ? urls
            : [.. OfPorts.SelectMany(of => Split(configuration[of.Ports]).Select(port => $"{of.Scheme}://*:{port}"))];
    }

    private static string[] Split(string? list) =>
        list?.Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool IsTrue(string? text) => bool.TryParse(text, out var isTrue) && isTrue;
}
