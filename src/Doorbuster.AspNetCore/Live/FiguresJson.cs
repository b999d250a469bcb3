using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.Claims;
using Doorbuster.Reconciliation;
using Doorbuster.Telemetry;

namespace Doorbuster.AspNetCore.Live;

/// <summary>The figures of a dashboard as the contract shows them; what is not known is null.</summary>
internal static class FiguresJson
{
    private static readonly string Admitted = TagValue.Of(Outcome.Admitted);
    private static readonly string Replayed = TagValue.Of(Outcome.Replayed);

    /// <summary>Writes the fields of a message, but for its type.</summary>
    public static void WriteFields(Utf8JsonWriter json, Figures figures)
    {
        json.WriteStartArray("sales"u8);
        foreach (var sale in figures.Sales)
        {
            json.WriteStartObject();
            WriteSale(json, sale);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("moreSales"u8, figures.MoreSales);
        WriteNumber(json, "deadLetters", figures.DeadLetters);
        WriteNumber(json, "unsettledPayments", figures.Unsettled);
        json.WriteString("node"u8, figures.Node);
        WriteNodes(json, figures.Nodes);
        Rfc3339.Write(json, "now"u8, figures.At);
    }

    private static void WriteSale(Utf8JsonWriter json, SaleFigures figures)
    {
        var (sale, state) = (figures.Sale, figures.State);
        json.WriteString("id"u8, sale.Id.ToString());
        json.WriteString("title"u8, sale.Title);
        json.WriteString("state"u8, TagValue.Of(state));
        Rfc3339.Write(json, "opensAt"u8, sale.OpensAt);
        Rfc3339.Write(json, "closesAt"u8, sale.ClosesAt);
        json.WriteNumber("revision"u8, sale.Revision);
        WriteNumber(json, "quantity", figures.Stock?.Quantity);
        WriteNumber(json, "available", figures.Stock?.Available);
        WriteNumber(json, "reserved", figures.Stock?.Reserved);
        WriteNumber(json, "sold", figures.Stock?.Sold);
        WriteNumber(json, "queued", figures.Queued);
        json.WriteString("gate"u8, WordOf(figures));
        WriteNumber(json, "gateAvailable", figures.Gate?.View?.Available);
        WriteNumber(json, "epoch", figures.Gate?.Epoch);
        WriteNumber(json, "queueAgeMs", (long?)figures.Queue?.Age.TotalMilliseconds);
        WriteNumber(json, "expiringSoon", figures.Expiring);
        WriteLaw(json, figures);
        WriteClaims(json, figures.Claims);
    }

    private static void WriteLaw(Utf8JsonWriter json, SaleFigures figures)
    {
        if (figures.LawHolds is { } holds)
        {
            json.WriteBoolean("lawHolds"u8, holds);
        }
        else
        {
            json.WriteNull("lawHolds"u8);
        }

        if (figures.LastAudit is not { } audit)
        {
            json.WriteNull("lastAudit"u8);
            return;
        }

        json.WriteStartObject("lastAudit"u8);
        Rfc3339.Write(json, "at"u8, audit.At);
        json.WriteBoolean("lawHolds"u8, audit.Report.LawHolds);
        json.WriteNumber("differences"u8, audit.Report.Differences.Count);
        json.WriteEndObject();
    }

    /// <summary>Admitted and replayed claims come with an order; every other was refused.</summary>
    private static void WriteClaims(Utf8JsonWriter json, IReadOnlyDictionary<string, long> claims)
    {
        json.WriteStartObject("claims"u8);
        json.WriteNumber("total"u8, claims.Values.Sum());
        json.WriteNumber("admitted"u8, claims.GetValueOrDefault(Admitted));
        json.WriteNumber("replayed"u8, claims.GetValueOrDefault(Replayed));
        json.WriteStartObject("refused"u8);
        foreach (var (reason, count) in claims.Where(one => one.Key != Admitted && one.Key != Replayed))
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNodes(Utf8JsonWriter json, IReadOnlyList<ListedNode>? nodes)
    {
        if (nodes is null)
        {
            json.WriteNull("nodes"u8);
            return;
        }

        json.WriteStartArray("nodes"u8);
        foreach (var node in nodes)
        {
            json.WriteStartObject();
            NodeJson.WriteFields(json, node);
            json.WriteNumber("claims"u8, node.Beat.Claims.Values.Sum(counts => counts.Values.Sum()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string? WordOf(SaleFigures figures) => figures switch
    {
        { IsGateRemoved: true } => "removed",
        { Gate: { } look } => WordOf(look.Standing),
        _ => null,
    };

    private static string WordOf(GateStanding standing) => standing switch
    {
        GateStanding.Missing => "missing",
        GateStanding.Fenced => "rebuilding",
        GateStanding.Damaged => "damaged",
        GateStanding.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "No word is written for it."),
    };

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
