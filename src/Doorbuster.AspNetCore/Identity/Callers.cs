using Doorbuster.AspNetCore.Problems;
using Doorbuster.AspNetCore.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>
/// Finds out who calls, where an endpoint must know: whom the host program has already signed in, else whom the bearer
/// token names. It is no middleware and no authentication scheme, because ASP.NET would then check a token on each
/// request, and a claim with a purchase token needs none.
/// </summary>
internal sealed partial class Callers
{
    private const string Scheme = "Bearer ";
    private const int MaxTokenLength = 8 * 1024;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _rules;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _issuer;
    private readonly string _roleClaim;
    private readonly ILogger _logger;
    private volatile bool _issuerIsAway;

    public Callers(IdentityOptions identity, ServerKeys keys, TimeProvider clock, ILogger<Callers> logger)
    {
        _issuer = identity.Authority is { } authority ? TokenRules.IssuerOf(authority) : null;
        _rules = _issuer is null
            ? TokenRules.ForKeys(keys.Signing, identity, clock)
            : TokenRules.ForAuthority(identity, _issuer, clock);
        _roleClaim = identity.RoleClaim;
        _logger = logger;
    }

    /// <summary>The caller who is a buyer; null once the request was refused.</summary>
    public async ValueTask<BuyerId?> RequireBuyerAsync(HttpContext context)
    {
        if (await RequireAsync(context) is not { } caller)
        {
            return null;
        }

        if (caller.Buyer is null)
        {
            new Problem(Refusals.Forbidden, NoBuyer).Write(context);
        }

        return caller.Buyer;
    }

    /// <summary>Whether an operator calls; false once the request was refused.</summary>
    public async ValueTask<bool> RequireOperatorAsync(HttpContext context)
    {
        if (await RequireAsync(context) is not { } caller)
        {
            return false;
        }

        if (!caller.IsOperator)
        {
            new Problem(Refusals.Forbidden, $"This call needs a token whose {_roleClaim} "
                + $"contains {TokenMinter.OperatorRole}.").Write(context);
        }

        return caller.IsOperator;
    }

    /// <summary>The caller; null once the request was refused.</summary>
    public async ValueTask<Caller?> RequireAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return Caller.Of(context.User, _roleClaim);
        }

        var header = context.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return Refuse(context, "Bearer", "Send the header Authorization: Bearer, followed by a token.");
        }

        if (header is not [{ } value] || value.Length > MaxTokenLength
            || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(
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
            return Refuse(
                context, "Bearer error=\"invalid_token\"", "The token is malformed, forged, expired or not for us.");
        }

        return Caller.Of(new(result.ClaimsIdentity), _roleClaim);
    }

    private static string NoBuyer =>
        $"The sub of the token is no buyer id: 1 to {BuyerId.MaxBytes} bytes without control characters.";

    private static Caller? Refuse(HttpContext context, string challenge, string detail)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        new Problem(Refusals.Unauthenticated, detail).Write(context);
        return null;
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
