namespace Doorbuster;

/// <summary>
/// The order store cannot do this now (disk full, input or output error, locked); nothing was changed, and the same
/// call may be made again.
/// </summary>
public class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
