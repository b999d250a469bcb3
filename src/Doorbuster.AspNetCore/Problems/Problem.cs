using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorbuster.AspNetCore.Problems;

/// <summary>One thing that is not right in a request.</summary>
/// <param name="Pointer">
/// Where: a JSON pointer into the body, as a URI fragment (RFC 9457, section 3), or the name of a header or parameter.
/// </param>
/// <param name="Detail">What it may be.</param>
internal readonly record struct FieldError(string Pointer, string Detail);

/// <summary>A refusal as one request meets it: its kind, and what this occurrence adds.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Detail">A sentence about this occurrence.</param>
/// <param name="Errors">What is not right, place by place; empty where places have no part in it.</param>
/// <param name="Fields">Writes what a program can use.</param>
internal sealed record Problem(
    ProblemKind Kind,
    string? Detail = null,
    IReadOnlyList<FieldError>? Errors = null,
    Action<Utf8JsonWriter>? Fields = null)
{
    private const string ContentType = "application/problem+json";
    private const string RetryAfterSeconds = "1";

    /// <summary>A request with one field that is not right.</summary>
    public static Problem Invalid(string pointer, string detail) => Invalid([new FieldError(pointer, detail)]);

    /// <summary>A request with fields that are not right.</summary>
    public static Problem Invalid(IReadOnlyList<FieldError> errors) => new(Refusals.InvalidRequest, Errors: errors);

    /// <summary>
    /// What the parts of a request have against it: all fields that are not right in one, unless something else is
    /// wrong with it. Null where nothing is.
    /// </summary>
    public static Problem? OfAll(params ReadOnlySpan<Problem?> parts)
    {
        var errors = new List<FieldError>();
        foreach (var part in parts)
        {
            if (part is not null && part.Kind != Refusals.InvalidRequest)
            {
                return part;
            }

            errors.AddRange(part?.Errors ?? []);
        }

        return errors.Count == 0 ? null : Invalid(errors);
    }

    /// <summary>Answers a request with this problem.</summary>
    public void Write(HttpContext context)
    {
        using var json = JsonBuffer.Rent();
        Render(json.Writer);
        WriteHead(context, Kind);
        Reply.Write(context.Response, Kind.Status, ContentType, json.Written);
    }

    /// <summary>Answers a request with a problem that has nothing to add; its bytes were made once.</summary>
    public static void Write(HttpContext context, ProblemKind kind)
    {
        WriteHead(context, kind);
        Reply.Write(context.Response, kind.Status, ContentType, kind.Body.Span);
    }

    /// <summary>
    /// Begins, where no endpoint has the request, the answer of a problem that has nothing to add; the caller sends
    /// the kind's body.
    /// </summary>
    public static void WriteHead(IHttpResponseFeature response, ProblemKind kind)
    {
        response.StatusCode = kind.Status;
        response.Headers.ContentType = ContentType;
        response.Headers.ContentLength = kind.Body.Length;
        response.Headers.CacheControl = Reply.NoStore;
    }

    private static void WriteHead(HttpContext context, ProblemKind kind)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = Reply.NoStore;
        if (kind.IsPassing && headers.RetryAfter.Count == 0)
        {
            headers.RetryAfter = RetryAfterSeconds;
        }
    }

    private void Render(Utf8JsonWriter json)
    {
        Kind.WriteStart(json);
        if (Detail is not null)
        {
            json.WriteString("detail"u8, Detail);
        }

        Fields?.Invoke(json);
        if (Errors is not null)
        {
            json.WriteStartArray("errors"u8);
            foreach (var (pointer, detail) in Errors)
            {
                json.WriteStartObject();
                json.WriteString("pointer"u8, pointer);
                json.WriteString("detail"u8, detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
