using System.Diagnostics;
using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>What one run of wrk counted.</summary>
/// <param name="Requests">Answers that arrived.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="Refused">Answers that were not of the 2xx or 3xx class.</param>
internal sealed record WrkRun(long Requests, double Seconds, long Refused)
{
    public double PerSecond => Requests / Seconds;
}

/// <summary>
/// Runs wrk, closed loop, two threads; its client code is C, so that the server has most of the machine.
/// </summary>
internal static class Wrk
{
    public const int Threads = 2;

    /// <exception cref="InvalidOperationException">wrk failed, or connections broke.</exception>
    public static async Task<WrkRun> RunAsync(
        string url, string script, int connections, TimeSpan duration, params string[] arguments)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        string[] options =
        [
            "-t", $"{Threads}", "-c", $"{connections}", "-d", $"{duration.TotalSeconds:0}s", "--timeout", "30s",
            "-s", Path.Combine(AppContext.BaseDirectory, "wrk", script), url, "--", .. arguments,
        ];
        Array.ForEach(options, start.ArgumentList.Add);
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk did not finish: {output}");
        var numbers = result.Split(' ')[1..].Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return numbers[2] == 0
            ? new WrkRun(numbers[0], numbers[1] / 1e6, numbers[3])
            : throw new InvalidOperationException($"{numbers[2]} connections broke: {output}");
    }
}
