using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace Doorbuster.Simulation.Tests;

/// <summary>Seed and commit are one history, byte for byte, in this process and in any other.</summary>
public sealed class ReproductionTests
{
    [Theory]
    [InlineData("embedded", 3)]
    [InlineData("embedded", 17)]
    [InlineData("nodes", 3)]
    [InlineData("database", 3)]
    public void One_seed_is_one_history(string kind, ulong seed) =>
        Assert.Equal(Text(kind, seed), Text(kind, seed));

    [Fact]
    public void Different_seeds_are_different_histories() =>
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => Text("embedded", (ulong)seed)).Distinct().Count());

    [Theory]
    [InlineData("embedded", 5)]
    [InlineData("embedded", 11)]
    [InlineData("nodes", 5)]
    [InlineData("database", 5)]
    public async Task One_seed_is_one_history_in_two_other_processes(string kind, ulong seed)
    {
        var here = Text(kind, seed);

        Assert.Equal(here, await TextOfAnotherProcessAsync(kind, seed, tieredCompilation: "1"));
        Assert.Equal(here, await TextOfAnotherProcessAsync(kind, seed, tieredCompilation: "0"));
    }

    private static string Text(string kind, ulong seed)
    {
        var result = World.Run(seed, Enum.Parse<WorldKind>(kind, ignoreCase: true), isTraced: true);
        return string.Concat(result.Trace.Select(line => line + '\n'))
            + $"{result.Broken?.Message ?? "every law held"}, after {result.Steps} steps\n";
    }

    /// <summary>Runs the seed in a process of its own, whose hashes of strings and bytes are drawn anew.</summary>
    private static async Task<string> TextOfAnotherProcessAsync(string kind, ulong seed, string tieredCompilation)
    {
        var program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var start = new ProcessStartInfo(
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", program)))
        {
            ArgumentList =
            {
                "exec", typeof(World).Assembly.Location, "--trace", "--world", kind, "--seed",
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
