using System.Text.Json;
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
            Write(json, node);
        }

        json.WriteEndArray();
        json.WriteString("next"u8, nodes.Count > limit ? nodes[limit - 1].Beat.Id : null);
        json.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, buffer.Written);
    }

    private static void Write(Utf8JsonWriter json, ListedNode node)
    {
        var beat = node.Beat;
        json.WriteStartObject();
        json.WriteString("id"u8, beat.Id);
        json.WriteString("name"u8, beat.Name);
        json.WriteStartArray("roles"u8);
        foreach (var (role, name) in ((NodeRoles, string)[])[(NodeRoles.Api, "api"), (NodeRoles.Worker, "worker")])
        {
            if (beat.Roles.HasFlag(role))
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
        json.WriteString("status"u8, node.IsLive ? "live"u8 : "gone"u8);
        Rfc3339.Write(json, "startedAt"u8, beat.StartedAt);
        Rfc3339.Write(json, "seenAt"u8, node.SeenAt);
        json.WriteBoolean("ready"u8, beat.NotReady.Count == 0);
        json.WriteStartArray("reasons"u8);
        foreach (var reason in beat.NotReady)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        if (beat.Lag is { } lag)
        {
            json.WriteNumber("lagMs"u8, (long)lag.TotalMilliseconds);
        }
        else
        {
            json.WriteNull("lagMs"u8);
        }

        json.WriteEndObject();
    }
}
