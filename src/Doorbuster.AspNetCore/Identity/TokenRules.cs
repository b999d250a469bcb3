using Doorbuster.AspNetCore.Settings;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>Which tokens are genuine: each kind of signer with its algorithms alone, and always a lifetime.</summary>
internal static class TokenRules
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time between two looks for a key that is not known. An issuer publishes a key before it signs with it
    /// (OpenID Connect Core 1.0, section 10.1.1); from one that does not, tokens are refused for so long at most.
    /// </summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly string[] Asymmetric =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Tokens signed with this key, whoever issued them.</summary>
    public static TokenValidationParameters ForKey(byte[] key, IdentityOptions identity, TimeProvider clock) =>
        new()
        {
            IssuerSigningKey = new SymmetricSecurityKey(key),
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidateAudience = identity.Audience is not null,
            ValidAudience = identity.Audience,
            LifetimeValidator = Lifetime(clock),
            RoleClaimType = identity.RoleClaim,
        };

    /// <summary>Tokens of an OpenID Connect issuer, for our audience.</summary>
    public static TokenValidationParameters ForAuthority(
        IdentityOptions identity, BaseConfigurationManager issuer, TimeProvider clock) =>
        new()
        {
            ConfigurationManager = issuer,
            ValidAlgorithms = Asymmetric,
            ValidAudience = identity.Audience,
            LifetimeValidator = Lifetime(clock),
            RoleClaimType = identity.RoleClaim,
        };

    /// <summary>
    /// The issuer's keys and name, fetched when first needed, renewed twice a day, and when a token names a key that is
    /// not among them: at once, and then not before <see cref="RefreshInterval"/>, for forged tokens name keys too.
    /// </summary>
    public static ConfigurationManager<OpenIdConnectConfiguration> IssuerOf(string authority) =>
        new(
            $"{authority.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = new Uri(authority).Scheme == Uri.UriSchemeHttps })
        {
            RefreshInterval = RefreshInterval,
        };

    private static LifetimeValidator Lifetime(TimeProvider clock) => (notBefore, expires, _, _) =>
    {
        var now = clock.GetUtcNow().UtcDateTime;

        // The skew is added to our own time: a token without a beginning may be said to begin with the calendar.
        return expires is { } end && now - ClockSkew < end && !(notBefore is { } begin && now + ClockSkew < begin);
    };
}
