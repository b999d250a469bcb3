using System.Security.Claims;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>Who calls, as a token or the host program's own sign-in says.</summary>
/// <param name="Buyer">The buyer; null where the subject is missing or is no buyer id.</param>
/// <param name="IsOperator">Whether an operator calls.</param>
internal sealed record Caller(BuyerId? Buyer, bool IsOperator)
{
    /// <summary>The claim that names whom a token is about.</summary>
    public const string Subject = "sub";

    /// <summary>Reads the caller from a token's claims.</summary>
    /// <param name="token">Whose claims were found genuine.</param>
    /// <param name="roleClaim">The claim that names roles.</param>
    public static Caller Of(ClaimsIdentity token, string roleClaim) =>
        Of(token.FindFirst(Subject)?.Value, token.HasClaim(roleClaim, TokenMinter.OperatorRole));

    /// <summary>Takes the host program's word.</summary>
    public static Caller Of(SignedIn user) => Of(user.Buyer, user.IsOperator);

    private static Caller Of(string? subject, bool isOperator) =>
        new(BuyerId.TryParse(subject, out var buyer) ? buyer : null, isOperator);
}
