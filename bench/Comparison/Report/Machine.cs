using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Doorbuster.Comparison.Report;

/// <summary>Where a run was made.</summary>
internal static class Machine
{
    /// <summary>
    /// Commit, date, processor, runtime and servers, as a sentence. What an earlier run has written is no change.
    /// </summary>
    public static async Task<string> DescribeAsync()
    {
        var commit = await SayAsync("git", "rev-parse", "--short", "HEAD");
        var isDirty = await SayAsync(
            "git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!README.md", ":!docs") != "";
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return
            $"""
            Commit {commit}{(isDirty ? " with changes" : "")}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC;
            {Environment.ProcessorCount} cores ({model?.Split(':')[1].Trim()}), shared by crowd, contender and servers;
            {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.
            """;
    }

    private static async Task<string> SayAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync()).Trim();
    }
}
