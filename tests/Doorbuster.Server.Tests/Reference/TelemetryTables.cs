using System.Diagnostics.Metrics;
using System.Text;
using Doorbuster.Conformance;
using Doorbuster.Telemetry;

namespace Doorbuster.Server.Tests.Reference;

/// <summary>Every instrument with its tags, every span, and every entry of the log.</summary>
internal static class TelemetryTables
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append($"## Metrics of the meter `{Instruments.MeterName}`\n\n");
        text.Append("| instrument | is a | unit | tags | measures |\n|---|---|---|---|---|\n");
        using var meters = new RecordingMeters();
        _ = new Instruments(meters.Listen());
        foreach (var instrument in meters.Instruments)
        {
            var tags = string.Join("; ", Tag.OfInstrument(instrument.Name).Select(tag => $"`{tag.Key}`"));
            text.Append($"| `{instrument.Name}` | {KindOf(instrument)} | `{instrument.Unit}` | {tags} ");
            text.Append($"| {instrument.Description} |\n");
        }

        text.Append("\n| tag | values |\n|---|---|\n");
        foreach (var tag in meters.Instruments.SelectMany(one => Tag.OfInstrument(one.Name)).Distinct())
        {
            text.Append($"| `{tag.Key}` | {ValuesOf(tag)} |\n");
        }

        text.Append($"\n## Spans of the source `{Spans.SourceName}`\n\n");
        text.Append("| span | is | tags |\n|---|---|---|\n");
        text.Append($"| `{Spans.DecideClaims}` | {Summaries.OfField(typeof(Spans), nameof(Spans.DecideClaims))} ");
        text.Append($"| `{Spans.SizeTag}` |\n");
        text.Append($"| `{Spans.ChangeOrders}` | {Summaries.OfField(typeof(Spans), nameof(Spans.ChangeOrders))} ");
        text.Append($"| `{Spans.SizeTag}` |\n");
        text.Append($"| `{Spans.Commit}` | {Summaries.OfField(typeof(Spans), nameof(Spans.Commit))} ");
        text.Append($"| {string.Join("; ", Spans.CommitTags.Select(key => $"`{key}`"))} |\n");
        text.Append("\n## Entries of the log\n\n| id | name | level | text |\n|---|---|---|---|\n");
        foreach (var (method, declared) in LogEntry.All)
        {
            text.Append($"| {declared.EventId} | `{method.Name}` | {declared.Level} | {declared.Message} |\n");
        }

        return text.ToString();
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" => "counter",
        "Histogram`1" => "histogram",
        "ObservableGauge`1" => "gauge",
        var other => throw new InvalidOperationException($"{instrument.Name} is a {other}."),
    };

    private static string ValuesOf(Tag tag) => tag.Values is { } values
        ? string.Join(", ", values.Select(value => $"`{value}`"))
        : "ids of sales, at most `Doorbuster:Limits:MeasuredSales`";
}
