using System.Buffers.Text;
using System.Text;

namespace Doorbuster.Cli.Http;

/// <summary>The status line, and those headers of an HTTP/1.1 answer that say how to read on and when to retry.
/// </summary>
/// <param name="Length">Bytes of the head, its closing empty line included.</param>
/// <param name="Status">The status code.</param>
internal readonly record struct AnswerHead(int Length, int Status)
{
    /// <summary>Bytes of the body, or -1 where the head does not say.</summary>
    public int ContentLength { get; private init; } = -1;

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked { get; private init; }

    /// <summary>Whether the server ends the connection after this answer.</summary>
    public bool Closes { get; private init; }

    /// <summary>What Retry-After asks for, or -1 where it is absent.</summary>
    public int RetryAfterSeconds { get; private init; } = -1;

    /// <summary>Whether the answer has no body, whatever its headers say (RFC 9112, section 6.3).</summary>
    public bool IsBodyless => Status is 204 or 304;

    /// <summary>Reads a head; nothing where it has not arrived whole.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an HTTP/1.1 answer.</exception>
    public static AnswerHead? TryRead(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var lines = received[..(end + 2)];
        var head = ReadStatusLine(NextLine(ref lines), end + 4);
        while (!lines.IsEmpty)
        {
            head = head.With(NextLine(ref lines));
        }

        return head;
    }

    private static AnswerHead ReadStatusLine(ReadOnlySpan<byte> line, int headLength)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8)
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3)
        {
            throw new InvalidDataException("The server's answer is not HTTP/1.1.");
        }

        return new AnswerHead(headLength, status) { Closes = line[7] == '0' };
    }

    private AnswerHead With(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            throw new InvalidDataException("A header of the server's answer has no name.");
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        return name.Length switch
        {
            14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => this with { ContentLength = ReadLength(value) },
            17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => this with
            {
                IsChunked = Ascii.EqualsIgnoreCase(value, "chunked"u8),
            },
            10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => this with
            {
                Closes = Closes || Ascii.EqualsIgnoreCase(value, "close"u8),
            },
            11 when Ascii.EqualsIgnoreCase(name, "retry-after"u8) => this with
            {
                RetryAfterSeconds = ReadSeconds(value),
            },
            _ => this,
        };
    }

    private static int ReadLength(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out int length, out var used) && used == value.Length && length >= 0
            ? length
            : throw new InvalidDataException("The answer's Content-Length is not a length.");

    // The header may also hold a date; waiting one second and asking again serves that rare form well enough.
    private static int ReadSeconds(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out int seconds, out var used) && used == value.Length ? Math.Max(seconds, 0) : 1;

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf("\r\n"u8);
        var line = lines[..end];
        lines = lines[(end + 2)..];
        return line;
    }
}
