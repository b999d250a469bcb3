namespace Doorbuster.Dispatch;

/// <summary>The transport of claims cannot be reached now; the same call may be made again.</summary>
public sealed class TransportUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
