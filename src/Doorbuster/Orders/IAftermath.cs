namespace Doorbuster.Orders;

/// <summary>What follows once orders have changed in the store.</summary>
public interface IAftermath
{
    /// <summary>Follows up on answers. Doing it twice is doing it once.</summary>
    ValueTask FollowAsync(IReadOnlyList<OrderAnswer> answers, CancellationToken cancellationToken);
}
