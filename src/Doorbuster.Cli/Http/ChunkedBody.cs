using System.Buffers.Text;

namespace Doorbuster.Cli.Http;

/// <summary>The chunked transfer coding of RFC 9112, section 7.1, undone in place.</summary>
internal static class ChunkedBody
{
    /// <summary>
    /// Joins the chunks at the beginning of the span, once they are all there; until then it leaves the span as it is.
    /// </summary>
    /// <param name="coded">What was received after the head.</param>
    /// <returns>Bytes of the joined body, or nothing where its end has not arrived.</returns>
    /// <exception cref="InvalidDataException">A chunk does not begin with its size, or does not end where it says.
    /// </exception>
    public static int? TryJoin(Span<byte> coded)
    {
        if (!HasEnded(coded))
        {
            return null;
        }

        var length = 0;
        for (var rest = coded; TryReadSize(rest, out var size, out var begin) && size > 0;)
        {
            rest.Slice(begin, size).CopyTo(coded[length..]);
            length += size;
            rest = rest[(begin + size + 2)..];
        }

        return length;
    }

    private static bool HasEnded(ReadOnlySpan<byte> coded)
    {
        while (TryReadSize(coded, out var size, out var begin))
        {
            if (size == 0)
            {
                return EndsTrailer(coded[begin..]);
            }

            if (coded.Length - begin < size + 2)
            {
                return false;
            }

            if (!coded.Slice(begin + size, 2).SequenceEqual("\r\n"u8))
            {
                throw new InvalidDataException("A chunk of the answer does not end where its size says.");
            }

            coded = coded[(begin + size + 2)..];
        }

        return false;
    }

    private static bool EndsTrailer(ReadOnlySpan<byte> trailer) =>
        trailer.StartsWith("\r\n"u8) || trailer.IndexOf("\r\n\r\n"u8) >= 0;

    private static bool TryReadSize(ReadOnlySpan<byte> coded, out int size, out int begin)
    {
        var end = coded.IndexOf("\r\n"u8);
        size = 0;
        begin = end + 2;
        if (end < 0)
        {
            return false;
        }

        if (!Utf8Parser.TryParse(coded[..end], out size, out _, 'x') || size < 0 || size > int.MaxValue - 2)
        {
            throw new InvalidDataException("A chunk of the answer does not begin with its size.");
        }

        return true;
    }
}
