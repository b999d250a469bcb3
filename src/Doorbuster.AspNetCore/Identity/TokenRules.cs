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

    /// <summary>The issuer's keys and name, fetched when first needed and renewed when it rotates them.</summary>
    public static ConfigurationManager<OpenIdConnectConfiguration> IssuerOf(string authority) =>
        new(
            $"{authority.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = new Uri(authority).Scheme == Uri.UriSchemeHttps });

    private static LifetimeValidator Lifetime(TimeProvider clock) => (notBefore, expires, _, _) =>
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && !(notBefore is { } begin && now < begin - ClockSkew);
    };
}
