namespace Doorbuster;

/// <summary>The gate cannot be asked now; the same question may be asked again.</summary>
public sealed class GateUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
