using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Reads a bounded body, JSON unless its call says otherwise. A body that came in one piece with its headers, as nearly
/// all do, is parsed where it lies, without a copy and without waiting.
/// </summary>
internal static class RequestBody
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBytes = 16 * 1024;

    private static readonly Problem NotUnicode =
        new(Refusals.MalformedRequest, "The body holds a text that is not Unicode.");

    /// <summary>Reads what the body says; it may throw what <see cref="Utf8JsonReader"/> throws.</summary>
    /// <param name="json">The whole body; empty where there is none.</param>
    public delegate Parsed<T> Parser<T>(ReadOnlySpan<byte> json);

    /// <summary>Looks at the body before anyone reads it; what it finds wrong is answered.</summary>
    public delegate Problem? Guard(ReadOnlySpan<byte> body);

    /// <summary>Whether the request says beforehand that its body is too large.</summary>
    public static bool IsTooLarge(HttpRequest request) => request.ContentLength > MaxBytes;

    /// <summary>Reads and parses a request's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parser">Reads what the body says.</param>
    /// <param name="guard">Looks at the bytes first; nobody does where null.</param>
    /// <param name="mediaType">What the body must be.</param>
    public static ValueTask<Parsed<T>> ReadAsync<T>(
        HttpRequest request, Parser<T> parser, Guard? guard = null, string mediaType = Reply.Json)
    {
        if (!HasBody(request))
        {
            return new(Parse([], parser, guard));
        }

        if (Refuse(request, mediaType) is { } refusal)
        {
            return new(new Parsed<T>(default!, refusal));
        }

        var reader = request.BodyReader;
        if (!TryRead(request, out var read))
        {
            return ReadSlowlyAsync(request, parser, guard);
        }

        if (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return ReadSlowlyAsync(request, parser, guard);
        }

        return new(ParseAndAdvance(reader, read.Buffer, parser, guard));
    }

    private static async ValueTask<Parsed<T>> ReadSlowlyAsync<T>(HttpRequest request, Parser<T> parser, Guard? guard)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await ReadAsync(request);
            if (read.IsCompleted || read.Buffer.Length > MaxBytes)
            {
                return ParseAndAdvance(reader, read.Buffer, parser, guard);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(HttpRequest request)
    {
        try
        {
            return await request.BodyReader.ReadAsync();
        }
        catch (IOException fault) when (IsMalformed(request, fault))
        {
            throw Malformed(fault);
        }
    }

    private static bool TryRead(HttpRequest request, out ReadResult read)
    {
        try
        {
            return request.BodyReader.TryRead(out read);
        }
        catch (IOException fault) when (IsMalformed(request, fault))
        {
            throw Malformed(fault);
        }
    }

    /// <summary>
    /// Whether the body is no HTTP, in a way for which Kestrel has no word of its own, as a chunk whose size is beyond
    /// all numbers: nothing else fails to be read while its sender is still there.
    /// </summary>
    private static bool IsMalformed(HttpRequest request, IOException fault) =>
        fault is not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested;

    private static BadHttpRequestException Malformed(IOException fault) => new("The body cannot be read.", fault);

    private static Parsed<T> ParseAndAdvance<T>(
        PipeReader reader, ReadOnlySequence<byte> buffer, Parser<T> parser, Guard? guard)
    {
        var parsed = buffer.Length > MaxBytes ? new Problem(Refusals.PayloadTooLarge)
            : buffer.IsSingleSegment ? Parse(buffer.FirstSpan, parser, guard)
            : Parse(buffer.ToArray(), parser, guard);
        reader.AdvanceTo(buffer.End);
        return parsed;
    }

    private static Parsed<T> Parse<T>(ReadOnlySpan<byte> body, Parser<T> parser, Guard? guard)
    {
        try
        {
            return guard?.Invoke(body) is { } refusal ? refusal
                : Utf8.IsValid(body) ? parser(body)
                : NotUnicode;
        }
        catch (JsonException failure)
        {
            return new Problem(Refusals.MalformedRequest, $"The body is not JSON, from line {failure.LineNumber + 1}, "
                + $"byte {failure.BytePositionInLine + 1} on.");
        }
        catch (InvalidOperationException)
        {
            // The reader's word for half a surrogate pair.
            return NotUnicode;
        }
    }

    private static Problem? Refuse(HttpRequest request, string mediaType) =>
        IsTooLarge(request) ? new Problem(Refusals.PayloadTooLarge)
        : Is(request.ContentType, mediaType) ? null
        : new Problem(Refusals.UnsupportedMediaType, $"Send Content-Type: {mediaType}, in UTF-8.");

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength is { } length
            ? length > 0
            : request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;

    /// <summary>The media type, alone or with parameters, of which a charset must be UTF-8.</summary>
    private static bool Is(string? contentType, string mediaType)
    {
        if (contentType is null || !contentType.StartsWith(mediaType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = contentType.AsSpan(mediaType.Length).Trim();
        if (rest.IsEmpty)
        {
            return true;
        }

        const string Charset = "charset=";
        var at = rest.IndexOf(Charset, StringComparison.OrdinalIgnoreCase);
        var charset = at < 0 ? "utf-8" : rest[(at + Charset.Length)..].TrimStart('"');
        return rest[0] == ';' && charset.StartsWith("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
