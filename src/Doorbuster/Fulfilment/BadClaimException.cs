namespace Doorbuster.Fulfilment;

/// <summary>
/// A constraint of the order store refuses what a claim would make of its rows: asked again it is refused again.
/// Nothing of its batch was written.
/// </summary>
public sealed class BadClaimException(string message, Exception? inner = null) : Exception(message, inner);
