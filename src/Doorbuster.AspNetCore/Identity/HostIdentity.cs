using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>
/// How a program that hosts Doorbuster tells it who calls, by its own sign-in. It is asked only where a call must know:
/// a claim with a purchase token needs nobody's sign-in, and costs none.
/// </summary>
/// <remarks>
/// Sign-ins that a browser sends by itself, cookies for example, could be used by a foreign page. So a call that
/// changes something, and names its caller in no <c>Authorization</c> header, is refused where a page of another origin
/// makes it.
/// </remarks>
/// <param name="find">
/// Finds who is signed in; null where nobody is. Called by many requests at once. What it throws is answered 500.
/// </param>
public sealed class HostIdentity(Func<HttpContext, ValueTask<SignedIn?>> find)
{
    /// <summary>
    /// What <c>WWW-Authenticate</c> says to those who are not signed in. Browsers do nothing with a scheme they do not
    /// know, so a page stays in charge of its sign-in. Default: <c>Session</c>; <c>Bearer</c> suits a program that
    /// takes tokens.
    /// </summary>
    public string Challenge { get; init; } = "Session";

    /// <summary>
    /// The user of ASP.NET Core's authentication: the buyer is the claim <c>sub</c>, else the name identifier.
    /// </summary>
    /// <param name="operatorRole">The role whose users create sales, change them and audit.</param>
    public static HostIdentity OfUser(string operatorRole = TokenMinter.OperatorRole) =>
        new(context => new(OfUser(context.User, operatorRole)));

    internal ValueTask<SignedIn?> FindAsync(HttpContext context) => find(context);

    private static SignedIn? OfUser(ClaimsPrincipal user, string operatorRole) =>
        user.Identity?.IsAuthenticated == true
            ? new SignedIn(
                user.FindFirst(Caller.Subject)?.Value ?? user.FindFirst(ClaimTypes.NameIdentifier)?.Value,
                user.IsInRole(operatorRole))
            : null;
}

/// <summary>Someone whom the host program has signed in.</summary>
/// <param name="Buyer">
/// The id under which they buy, the same for ever: 1 to 128 bytes of UTF-8 without control characters. Null where they
/// do not buy.
/// </param>
/// <param name="IsOperator">Whether they may create sales, change them and audit.</param>
public sealed record SignedIn(string? Buyer, bool IsOperator = false);
