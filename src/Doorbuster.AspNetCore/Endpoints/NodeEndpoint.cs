using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.Reconciliation;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary><c>GET /v1/nodes</c>: which nodes live, and how each is; the operator's.</summary>
internal static class NodeEndpoint
{
    /// <summary>Lists them, in the order of their ids.</summary>
    public static async Task ListAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        var (page, problem) = Page.Read(
            context.Request.Query, static cursor => Guid.TryParseExact(cursor, "N", out _));
        if (problem is not null)
        {
            problem.Write(context);
            return;
        }

        // One more than asked for tells whether there are more.
        Write(context, await shop.Nodes.ListAsync(page.Cursor, page.Limit + 1, context.RequestAborted), page.Limit);
    }

    private static void Write(HttpContext context, IReadOnlyList<ListedNode> nodes, int limit)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var node in nodes.Take(limit))
        {
            json.WriteStartObject();
            NodeJson.WriteFields(json, node);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("next"u8, nodes.Count > limit ? nodes[limit - 1].Beat.Id : null);
        json.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, buffer.Written);
    }
}
