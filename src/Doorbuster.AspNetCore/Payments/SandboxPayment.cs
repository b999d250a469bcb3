using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>A payment as the sandbox knows it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="OrderId">The order it pays.</param>
/// <param name="Amount">What is to be paid.</param>
internal sealed record SandboxPayment(PaymentId Id, string OrderId, Money Amount);
