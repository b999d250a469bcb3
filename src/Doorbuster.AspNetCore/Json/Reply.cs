using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Json;

/// <summary>
/// Writes a whole answer. The bytes are copied before the call returns, so the caller's buffer may be used again at
/// once; the server sends them when the endpoint has ended.
/// </summary>
internal static class Reply
{
    /// <summary>The content type of everything that is no problem.</summary>
    public const string Json = "application/json";

    /// <summary>What may be kept by nobody: orders, tokens, refusals.</summary>
    public static readonly StringValues NoStore = "no-store";

    /// <summary>What anyone may keep for a moment: sales.</summary>
    public static readonly StringValues OneSecond = "public, max-age=1";

    /// <summary>Answers with these bytes.</summary>
    public static void Write(HttpResponse response, int status, string contentType, ReadOnlySpan<byte> body)
    {
        WriteHead(response, status, contentType, body.Length);
        response.BodyWriter.Write(body);
    }

    /// <summary>Begins an answer whose bytes the caller writes at once.</summary>
    public static void WriteHead(HttpResponse response, int status, string contentType, int length)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = length;
    }
}
