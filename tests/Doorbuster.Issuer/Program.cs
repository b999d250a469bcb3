using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

// An OpenID Connect issuer of tests, by OpenIddict: discovery, keys and tokens are its own doing. It has a new key at
// each start, and gives whoever asks, as a client with a secret that nobody checks, a token about that client:
//
//   dotnet Doorbuster.Issuer.dll http://127.0.0.1:5000
//   POST /token  grant_type=client_credentials, client_id, client_secret, wanted_audience, and a claim by its name
if (args is not [var url])
{
    await Console.Error.WriteLineAsync("usage: Doorbuster.Issuer URL");
    return 2;
}

string[] ofProtocol = ["grant_type", "client_id", "client_secret", "wanted_audience"];
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(url);
builder.Services.AddOpenIddict().AddServer(issuer => issuer
    .EnableDegradedMode()
    .SetIssuer(url)
    .SetTokenEndpointUris("token")
    .SetAccessTokenLifetime(TimeSpan.FromMinutes(5))
    .AllowClientCredentialsFlow()
    .AddSigningKey(new RsaSecurityKey(RSA.Create(2048)))
    .AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)))
    .DisableAccessTokenEncryption()
    .AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default))
    .AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(asked =>
    {
        asked.SignIn(About(asked.Request));
        return default;
    }))
    .UseAspNetCore(http => http.DisableTransportSecurityRequirement()));

var app = builder.Build();
await app.RunAsync();
return 0;

ClaimsPrincipal About(OpenIddictRequest request)
{
    var identity = new ClaimsIdentity("test");
    identity.SetClaim(Claims.Subject, request.ClientId);
    foreach (var (name, value) in request.GetParameters().Where(given => !ofProtocol.Contains(given.Key)))
    {
        identity.SetClaim(name, (string?)value);
    }

    identity.SetDestinations(_ => [Destinations.AccessToken]);
    var client = new ClaimsPrincipal(identity);
    client.SetResources((string?)request["wanted_audience"] ?? "nobody");
    return client;
}
