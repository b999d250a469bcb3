using Doorbuster.AspNetCore.Hosting;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>A claim as its request states it, found to be well-formed and authorised.</summary>
/// <param name="Shop">The engine.</param>
/// <param name="Listing">The sale.</param>
/// <param name="Buyer">Who claims.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Quantity">Units asked for.</param>
/// <param name="IsReplayOnly">Whether only an order that stands may answer it, because its token has expired.</param>
internal readonly record struct ClaimAttempt(
    Shop Shop, Listing Listing, BuyerId Buyer, string Key, int Quantity, bool IsReplayOnly);
