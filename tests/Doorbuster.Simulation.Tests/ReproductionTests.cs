using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>Seed and commit are one history, byte for byte, in this process and in any other.</summary>
public sealed class ReproductionTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public void One_seed_is_one_history(ulong seed) => Assert.Equal(Text(seed), Text(seed));

    [Fact]
    public void Different_seeds_are_different_histories() =>
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => Text((ulong)seed)).Distinct().Count());

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    public async Task One_seed_is_one_history_in_two_other_processes(ulong seed)
    {
        var here = Text(seed);

        Assert.Equal(here, await TextOfAnotherProcessAsync(seed, tieredCompilation: "1"));
        Assert.Equal(here, await TextOfAnotherProcessAsync(seed, tieredCompilation: "0"));
    }

    private static string Text(ulong seed)
    {
        var result = World.Run(seed, isTraced: true);
        return string.Concat(result.Trace.Select(line => line + '\n'))
            + $"{result.Broken?.Message ?? "every law held"}, after {result.Steps} steps\n";
    }

    /// <summary>Runs the seed in a process of its own, whose hashes of strings and bytes are drawn anew.</summary>
    private static async Task<string> TextOfAnotherProcessAsync(ulong seed, string tieredCompilation)
    {
        var program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var start = new ProcessStartInfo(
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", program)))
        {
            ArgumentList =
            {
                "exec", typeof(World).Assembly.Location, "--trace", "--seed",
                seed.ToString(CultureInfo.InvariantCulture),
            },
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_TieredCompilation"] = tieredCompilation;
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return text;
    }
}
