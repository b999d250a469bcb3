using System.Net.Sockets;
using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.EndToEnd.Tests.Packages;

namespace Doorbuster.EndToEnd.Tests.Identity;

/// <summary>An OpenID Connect issuer in a process of its own: OpenIddict, of <c>tests/Doorbuster.Issuer</c>.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly int _port = Loopback.NextPort();
    private Child? _child;

    public Uri Address => Loopback.Address(_port);

    /// <summary>Starts an issuer.</summary>
    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        try
        {
            await issuer.AppearAsync();
            return issuer;
        }
        catch
        {
            await issuer.DisposeAsync();
            throw;
        }
    }

    /// <summary>It comes up, with a key of its own that it has never had before.</summary>
    public async Task AppearAsync()
    {
        var built = Path.GetDirectoryName(typeof(Issuer).Assembly.Location)!;
        var program = built.Replace("Doorbuster.EndToEnd.Tests", "Doorbuster.Issuer", StringComparison.Ordinal);
        _child = Child.Start(
            Executable.Dotnet, [Path.Combine(program, "Doorbuster.Issuer.dll"), Address.ToString()], SourceTree.Root);
        await Waiting.UntilAsync("the issuer was there", IsThereAsync);
    }

    /// <summary>It is gone at once, and nobody can reach it.</summary>
    public ValueTask VanishAsync() => _child!.DisposeAsync();

    /// <summary>A token of its own.</summary>
    /// <param name="about">Whom it is about.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="claims">What it says beside.</param>
    public async Task<string> TokenAsync(
        string about, string audience, params (string Name, string Value)[] claims)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(
            claims.Select(claim => KeyValuePair.Create(claim.Name, claim.Value)))
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = about,
            ["client_secret"] = "anything",
            ["wanted_audience"] = audience,
        });
        using var answer = await _http.PostAsync(new Uri(Address, "/token"), form);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(body).GetProperty("access_token").GetString()!
            : throw new InvalidOperationException($"The issuer answered {(int)answer.StatusCode}: {body} {_child}");
    }

    /// <summary>The keys that it publishes, as it writes them.</summary>
    public Task<string> KeysAsync() => _http.GetStringAsync(new Uri(Address, "/.well-known/jwks"));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_child is not null)
        {
            await _child.DisposeAsync();
        }
    }

    private async Task<bool> IsThereAsync()
    {
        if (_child!.HasExited)
        {
            throw new InvalidOperationException($"The issuer ended. {_child}");
        }

        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/.well-known/openid-configuration"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException refused) when (refused.InnerException is SocketException or IOException)
        {
            return false;
        }
    }
}
