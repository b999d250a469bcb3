namespace Doorbuster.Orders;

/// <summary>
/// A constraint of the order store refuses what a command would make of its rows: a broken invariant, in the store or
/// in us. Nothing of its batch was written. Asked again it is refused again, until someone has mended what is broken;
/// whoever tries again by himself may go on doing so, for it does no harm.
/// </summary>
public sealed class BadCommandException(string message, Exception? inner = null)
    : StoreUnavailableException(message, inner);
