namespace Doorbuster.Dispatch;

/// <summary>The claim log cannot be reached now; the same call may be made again.</summary>
public sealed class ClaimLogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
