using System.Text.Json;
using Doorbuster.Reconciliation;

namespace Doorbuster.AspNetCore.Json;

/// <summary>A node as the contract shows it.</summary>
internal static class NodeJson
{
    /// <summary>Writes a node's fields.</summary>
    public static void WriteFields(Utf8JsonWriter json, ListedNode node)
    {
        var beat = node.Beat;
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
    }
}
