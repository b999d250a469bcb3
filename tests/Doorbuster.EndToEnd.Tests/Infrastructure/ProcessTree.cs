using System.Globalization;
using System.Text;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>What a process that does not end, and those that it has started, are at: as the kernel tells it.</summary>
internal static class ProcessTree
{
    /// <summary>A line each: id, state, what it waits for in the kernel, seconds computed, command.</summary>
    public static string Describe(int processId)
    {
        var parents = All().ToDictionary(id => id, ParentOf);
        var text = new StringBuilder();
        Append(text, processId, parents, depth: 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int processId, Dictionary<int, int> parents, int depth)
    {
        var seconds = Seconds(processId);
        text.Append(' ', 2 * depth).AppendLine(CultureInfo.InvariantCulture,
            $"{processId} {StateOf(processId)} in {Read(processId, "wchan")}, {seconds:F1} s: {CommandOf(processId)}");
        foreach (var child in parents.Where(one => one.Value == processId).Select(one => one.Key).Order())
        {
            Append(text, child, parents, depth + 1);
        }
    }

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    private static int ParentOf(int processId) => (int)Field(processId, place: 1);

    private static string StateOf(int processId) => Fields(processId) is [var state, ..] ? state : "gone";

    /// <summary>Both kinds of processor time, of which the kernel counts a hundred ticks a second.</summary>
    private static double Seconds(int processId) => (Field(processId, place: 11) + Field(processId, place: 12)) / 100.0;

    private static long Field(int processId, int place) =>
        Fields(processId) is { } fields && fields.Length > place
        && long.TryParse(fields[place], CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;

    /// <summary>What follows the name, which may have blanks and is in brackets.</summary>
    private static string[] Fields(int processId)
    {
        var stat = Read(processId, "stat");
        return stat.LastIndexOf(')') is var end and > 0 ? stat[(end + 2)..].Split(' ') : [];
    }

    private static string CommandOf(int processId) => Read(processId, "cmdline").Replace('\0', ' ');

    private static string Read(int processId, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{file}").Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
