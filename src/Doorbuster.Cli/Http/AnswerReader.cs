namespace Doorbuster.Cli.Http;

/// <summary>Reads one whole answer out of what a connection has received so far.</summary>
internal static class AnswerReader
{
    /// <summary>Reads the answer; nothing where it has not arrived whole.</summary>
    /// <param name="received">Everything received since the request was sent.</param>
    /// <param name="ended">Whether the server has closed its side, so that nothing more will come.</param>
    /// <exception cref="InvalidDataException">The bytes are not one HTTP/1.1 answer.</exception>
    public static HttpAnswer? TryRead(Memory<byte> received, bool ended)
    {
        if (AnswerHead.TryRead(received.Span) is not { } head)
        {
            return null;
        }

        var rest = received[head.Length..];
        if (head.Status is >= 100 and < 200)
        {
            // An interim answer (100 Continue) announces the final one, which follows it.
            return TryRead(rest, ended);
        }

        var length = BodyLength(head, rest.Span, ended);
        return length is { } bytes
            ? new HttpAnswer(head.Status, rest[..bytes], head.RetryAfterSeconds, head.Closes || ended)
            : null;
    }

    private static int? BodyLength(AnswerHead head, Span<byte> rest, bool ended)
    {
        if (head.IsBodyless)
        {
            return 0;
        }

        if (head.IsChunked)
        {
            return ChunkedBody.TryJoin(rest);
        }

        if (head.ContentLength >= 0)
        {
            return rest.Length >= head.ContentLength ? head.ContentLength : null;
        }

        // Neither a length nor chunks: the end of the connection is the end of the body.
        return ended ? rest.Length : null;
    }
}
