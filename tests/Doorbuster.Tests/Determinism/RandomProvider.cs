using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// A payment provider as bad as a seed draws it: its events come late, twice and in any order, its refunds fail and are
/// done all the same. It knows what it took and gave back, which is what the money is counted by.
/// </summary>
/// <param name="random">Draws it.</param>
/// <param name="pass">Lets up to so many milliseconds pass.</param>
internal sealed class RandomProvider(Random random, Func<int, ValueTask> pass) : IPaymentProvider
{
    private readonly Dictionary<PaymentId, Money> _taken = [];
    private readonly HashSet<PaymentId> _givenBack = [];

    /// <summary>Where events go; they are sent again until they are accepted.</summary>
    public required Func<OrderCommand, Task> Deliver { get; init; }

    /// <summary>Whether refunds fail now and then.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>Money that was taken and not given back.</summary>
    public IReadOnlyDictionary<PaymentId, Money> Kept =>
        _taken.Where(entry => !_givenBack.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>How many payments were given back.</summary>
    public int GivenBack => _givenBack.Count;

    public async ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken)
    {
        await pass(20);
        return IsFaulty && random.Next(6) == 0
            ? throw new PaymentProviderException("A fault was drawn.")
            : new Uri($"https://pay.example/{payment.Id}");
    }

    public async ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        await pass(20);
        if (IsFaulty && random.Next(3) == 0)
        {
            throw new PaymentProviderException("A fault was drawn.");
        }

        if (!_taken.TryGetValue(payment.Id, out var taken) || taken != payment.Amount)
        {
            throw new InvalidOperationException($"{payment} is to go back, and {taken} was taken.");
        }

        _givenBack.Add(payment.Id);
        return IsFaulty && random.Next(3) == 0
            ? throw new PaymentProviderException("It was done, and nobody was told.")
            : RefundReceipt.Refunded;
    }

    /// <summary>A buyer pays: the money is taken once, and the shop is told, perhaps more than once.</summary>
    public async Task TakeAsync(PaymentId payment, OrderId order, Money amount)
    {
        if (_taken.TryAdd(payment, amount))
        {
            await Task.WhenAll(Enumerable.Range(0, random.Next(1, 3)).Select(async _ =>
            {
                await pass(400);
                await Deliver(new OrderCommand.Capture(payment, $"{order}", amount));
            }));
        }
    }
}
