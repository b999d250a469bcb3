using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>A buyer's attempt, which is made again under the same key until it is answered.</summary>
/// <param name="Buyer">Whose it is.</param>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Quantity">Units.</param>
internal sealed record Attempt(Buyer Buyer, string Key, int Quantity)
{
    /// <summary>The attempt as bytes.</summary>
    public async Task<byte[]> AtAsync(string sale) => Wire.Claim(sale, await Buyer.TokenAsync(sale), Key, Quantity);
}

/// <summary>An attempt that was answered with an order.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Order">The answer's body.</param>
/// <param name="Id">The order's id.</param>
internal sealed record Receipt(Attempt Attempt, string Order, string Id)
{
    public static Receipt Of(Attempt attempt, Answer answer) => new(attempt, answer.Body, answer.Text("id"));
}
