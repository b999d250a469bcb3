using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Health: <c>/health/live</c> says that the process answers, <c>/health/ready</c> that buyers may be sent here.
/// </summary>
internal sealed class HealthEndpoints(Premises premises)
{
    /// <summary>Answers; that is all there is to it.</summary>
    public static Task LiveAsync(HttpContext context) => Ok(context, """{"status":"live"}"""u8);

    /// <summary>Whether the gates are open and nothing is known to be wrong.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        if (premises.NotReady is not { Count: > 0 } reasons)
        {
            return Ok(context, """{"status":"ready"}"""u8);
        }

        new Problem(Refusals.NotReady, Fields: json =>
        {
            json.WriteStartArray("reasons"u8);
            foreach (var reason in reasons)
            {
                json.WriteStringValue(reason);
            }

            json.WriteEndArray();
        }).Write(context);
        return Task.CompletedTask;
    }

    private static Task Ok(HttpContext context, ReadOnlySpan<byte> body)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, body);
        return Task.CompletedTask;
    }
}
