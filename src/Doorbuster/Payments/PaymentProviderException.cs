namespace Doorbuster.Payments;

/// <summary>The payment provider did not do what it was asked; the same call may be made again.</summary>
public sealed class PaymentProviderException(string message, Exception? inner = null) : Exception(message, inner);
