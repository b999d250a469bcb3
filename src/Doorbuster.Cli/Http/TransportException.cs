namespace Doorbuster.Cli.Http;

/// <summary>
/// No answer came: the connection could not be made, broke, was silent for too long, or carried something that is not
/// HTTP. Whether the server acted on the request is unknown, so a retry must carry the same idempotency key.
/// </summary>
internal sealed class TransportException(Exception cause) : Exception(cause.Message, cause);
