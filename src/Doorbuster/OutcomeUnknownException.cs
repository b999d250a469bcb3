namespace Doorbuster;

/// <summary>
/// The order store cannot tell whether it did this: it may stand or not. The same call under the same id finds out.
/// </summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);
