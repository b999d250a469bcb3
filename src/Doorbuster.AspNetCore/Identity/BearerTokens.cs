using Doorbuster.AspNetCore.Problems;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>Reads who calls from a bearer token (RFC 6750), signed by an authority or with our own key.</summary>
internal sealed partial class BearerTokens
{
    private const string Scheme = "Bearer ";
    private const int MaxTokenLength = 8 * 1024;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _rules;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _issuer;
    private readonly string _roleClaim;
    private readonly ILogger _logger;
    private volatile bool _issuerIsAway;

    public BearerTokens(
        IdentityOptions identity, byte[]? key, TimeProvider clock, ILogger<BearerTokens> logger)
    {
        _issuer = identity.Authority is { } authority ? TokenRules.IssuerOf(authority) : null;
        _rules = _issuer is null
            ? TokenRules.ForKey(key!, identity, clock)
            : TokenRules.ForAuthority(identity, _issuer, clock);
        _roleClaim = identity.RoleClaim;
        _logger = logger;
    }

    /// <summary>Whom the request's token names; null once the request was refused.</summary>
    public async ValueTask<Caller?> ReadAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return Callers.Refuse(context, "Bearer", "Send the header Authorization: Bearer, followed by a token.");
        }

        if (header is not [{ } value] || value.Length > MaxTokenLength
            || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Callers.Refuse(
                context, "Bearer error=\"invalid_request\"", "The Authorization header is not one bearer token.");
        }

        if (!await HasIssuerAsync(context))
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(value[Scheme.Length..].Trim(), _rules);
        if (!result.IsValid)
        {
            Log.TokenRefused(_logger, result.Exception?.GetType().Name);
            return Callers.Refuse(
                context, "Bearer error=\"invalid_token\"", "The token is malformed, forged, expired or not for us.");
        }

        return Caller.Of(result.ClaimsIdentity, _roleClaim);
    }

    /// <summary>An issuer that cannot be reached has refused nobody: the caller may try again.</summary>
    private async ValueTask<bool> HasIssuerAsync(HttpContext context)
    {
        try
        {
            if (_issuer is not null)
            {
                await _issuer.GetConfigurationAsync(context.RequestAborted);
                _issuerIsAway = false;
            }

            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException)
        {
            if (!_issuerIsAway)
            {
                // Said once for each absence, not for each caller.
                _issuerIsAway = true;
                Log.AuthorityUnreachable(_logger, failure);
            }

            Problem.Write(context, Refusals.Busy);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.TokenRefused, LogLevel.Debug, "A bearer token was refused: {Reason}.")]
        public static partial void TokenRefused(ILogger logger, string? reason);

        [LoggerMessage(EventIds.AuthorityUnreachable, LogLevel.Error, "The identity authority cannot be reached.")]
        public static partial void AuthorityUnreachable(ILogger logger, Exception failure);
    }
}
