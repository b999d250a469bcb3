namespace Doorbuster.Claims;

/// <summary>Makes answers of what was decided about a batch, and orders of what was granted.</summary>
internal static class Grants
{
    /// <summary>Writes the batch's answers.</summary>
    /// <param name="batch">A batch whose outcomes are decided.</param>
    /// <param name="price">The price of one unit.</param>
    /// <param name="window">How long a reservation waits for its payment.</param>
    /// <param name="now">When orders are reserved.</param>
    /// <param name="available">Units there were before the batch.</param>
    /// <returns>New orders, and expired ones that late money pays; null where there are none.</returns>
    public static (List<Order>? Orders, List<Claim>? Revivals) Answer(
        SaleBatch batch, in Money price, TimeSpan window, DateTimeOffset now, long available)
    {
        List<Order>? orders = null;
        List<Claim>? revivals = null;
        for (var i = 0; i < batch.Claims.Length; i++)
        {
            var claim = batch.Claims[i];
            Order? order = null;
            if (batch.Outcomes[i] == Outcome.Admitted)
            {
                available -= claim.Quantity;
                if (claim.Revival is null)
                {
                    order = Order.Reserve(claim, price, window, now, now);
                    (orders ??= new List<Order>(batch.Claims.Length)).Add(order);
                }
                else
                {
                    (revivals ??= []).Add(claim);
                }
            }

            batch.Answers[i] = new ClaimAnswer(batch.Outcomes[i], order, available);
        }

        return (orders, revivals);
    }
}
