using System.Globalization;
using Doorbuster.Tests.Determinism;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Doorbuster.Tests;

/// <summary>
/// Runs the tests; or, asked by a test of determinism, prints one seed's history from this process of its own.
/// </summary>
internal static class Program
{
    public const string TraceVerb = "trace";

    public static async Task<int> Main(string[] args)
    {
        if (args is not [TraceVerb, var seed])
        {
            // A runner that steers the tests by messages says so; everyone else reads what they print.
            return args.Contains("--server")
                ? await TestPlatformTestFramework.RunAsync(args, static (_, _) => { })
                : await ConsoleRunner.Run(args);
        }

        foreach (var line in World.Run(int.Parse(seed, CultureInfo.InvariantCulture)))
        {
            await Console.Out.WriteAsync(line + '\n');
        }

        return 0;
    }
}
