namespace Doorbuster.Cli.Http;

/// <summary>One answer of a server.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body; it is valid until the connection sends its next request.</param>
/// <param name="RetryAfterSeconds">What Retry-After asked for, or -1 where it asked for nothing.</param>
/// <param name="Closes">Whether the server ends the connection after this answer.</param>
internal readonly record struct HttpAnswer(
    int Status, ReadOnlyMemory<byte> Body, int RetryAfterSeconds, bool Closes)
{
    /// <summary>Whether the status is one of the 200s.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}
