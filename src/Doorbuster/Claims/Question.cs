namespace Doorbuster.Claims;

/// <summary>
/// What the lane asks for itself, to find out what became of a commit; nobody waits for the answer.
/// </summary>
internal sealed class Question(Listing listing, in Claim claim) : PendingClaim(listing, claim);
