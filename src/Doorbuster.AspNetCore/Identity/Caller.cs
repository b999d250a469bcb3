using System.Security.Claims;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>Who calls, as a token or the host program's own sign-in says.</summary>
/// <param name="Buyer">The buyer; null where the subject is missing or is no buyer id.</param>
/// <param name="IsOperator">Whether an operator calls.</param>
internal sealed record Caller(BuyerId? Buyer, bool IsOperator)
{
    private const string Subject = "sub";

    /// <summary>Reads the caller from claims.</summary>
    /// <param name="user">Whose claims were found genuine.</param>
    /// <param name="roleClaim">The claim that names roles.</param>
    public static Caller Of(ClaimsPrincipal user, string roleClaim)
    {
        // ASP.NET's own sign-in, which an embedding program may use, names the subject differently.
        var subject = user.FindFirst(Subject)?.Value ?? user.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        return new Caller(
            BuyerId.TryParse(subject, out var buyer) ? buyer : null,
            user.HasClaim(roleClaim, TokenMinter.OperatorRole));
    }
}
