using System.Text.Encodings.Web;
using System.Text.Json;

namespace Doorbuster.Cli.Reporting;

/// <summary>Prints what <c>--json</c> asks for: one JSON object on one line of standard output, and nothing else there.
/// </summary>
internal static class JsonLine
{
    // Written for programs and terminals: nothing is escaped that only a page of HTML would mistake.
    private static readonly ReportJson Json = new(new JsonSerializerOptions(ReportJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Prints a report of ours, or what the server answered with every field of it.</summary>
    public static void Write<T>(T report) => Console.Out.WriteLine(JsonSerializer.Serialize(report, typeof(T), Json));
}
