using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>Plays seeds elsewhere, to compare the histories.</summary>
internal static class AnotherProcess
{
    /// <summary>Runs the seed in a process of its own, whose hashes of strings and bytes are drawn anew.</summary>
    public static async Task<IReadOnlyList<string>> TraceAsync(string verb, int seed, string tieredCompilation)
    {
        var program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var start = new ProcessStartInfo(
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", program)))
        {
            ArgumentList =
            {
                "exec",
                typeof(World).Assembly.Location,
                verb,
                seed.ToString(CultureInfo.InvariantCulture),
            },
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_TieredCompilation"] = tieredCompilation;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
