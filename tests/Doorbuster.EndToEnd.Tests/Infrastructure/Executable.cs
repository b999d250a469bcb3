namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>The program under test, as it was built beside these tests.</summary>
internal static class Executable
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "Doorbuster.Cli.dll");

    /// <summary>The program that runs these tests' own.</summary>
    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>A script that is it, for shells that call it by its name.</summary>
    public static string Wrapper => $"#!/bin/sh\nexec '{Dotnet}' '{Assembly}' \"$@\"\n";

    /// <summary>The command line that runs it, for a program that runs others.</summary>
    public static IEnumerable<string> CommandLine(params IEnumerable<string> arguments) =>
        [Dotnet, Assembly, .. arguments];

    /// <summary>Starts it with this command line.</summary>
    public static Child Start(
        IEnumerable<string> arguments,
        string workingDirectory,
        IReadOnlyDictionary<string, string>? environment = null) =>
        Child.Start(Dotnet, [Assembly, .. arguments], workingDirectory, environment);

    /// <summary>Runs it to its end.</summary>
    public static async Task<Finished> RunAsync(
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? patience = null)
    {
        await using var child = Start(arguments, workingDirectory ?? Path.GetTempPath(), environment);
        var exitCode = await child.ExitAsync(patience);
        return new Finished(exitCode, child.Output, child.Errors);
    }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record Finished(int ExitCode, string Output, string Errors);
