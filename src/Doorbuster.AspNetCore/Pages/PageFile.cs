using System.IO.Compression;
using System.Security.Cryptography;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Doorbuster.AspNetCore.Pages;

/// <summary>
/// Something that many browsers fetch and that does not change: its bytes as they are, and packed, each packed once.
/// </summary>
/// <param name="contentType">Its media type.</param>
/// <param name="bytes">Its bytes.</param>
internal sealed class PageFile(string contentType, byte[] bytes)
{
    private readonly string _hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
    private readonly Lazy<byte[]> _brotli = new(() => Pack(
        bytes, to => new BrotliStream(to, CompressionLevel.Optimal, leaveOpen: true)));

    private readonly Lazy<byte[]> _gzip = new(() => Pack(
        bytes, to => new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true)));

    /// <summary>Its bytes, as they are.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>Answers a request with it, packed as the browser likes it, or says that the browser has it.</summary>
    public void Write(HttpContext context, int status = StatusCodes.Status200OK)
    {
        var (encoding, body) = Choose(context.Request);
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;

        // A packed form is another representation, and a strong tag is of one alone (RFC 9110, section 8.8.3).
        var tag = encoding is null ? $"\"{_hash}\"" : $"\"{_hash}-{encoding}\"";
        headers.ETag = tag;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.Headers.IfNoneMatch is { Count: > 0 } known && EntityTag.IsIn(known, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        Reply.Write(context.Response, status, contentType, body);
    }

    private (string? Encoding, byte[] Body) Choose(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted))
        {
            return (null, bytes);
        }

        return Takes(accepted, "br") ? ("br", _brotli.Value)
            : Takes(accepted, "gzip") ? ("gzip", _gzip.Value)
            : (null, bytes);
    }

    private static bool Takes(IEnumerable<StringWithQualityHeaderValue> accepted, string encoding) =>
        accepted.Any(one => one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && one.Quality != 0);

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> open)
    {
        using var packed = new MemoryStream();
        using (var stream = open(packed))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}
