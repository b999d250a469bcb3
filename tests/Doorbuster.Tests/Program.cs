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
    public const string LanesVerb = "trace-lanes";

    public const string LifeVerb = "trace-life";

    /// <summary>Histories by the verb that asks for one.</summary>
    private static readonly Dictionary<string, Func<int, IReadOnlyList<string>>> Worlds = new()
    {
        [LanesVerb] = World.Run,
        [LifeVerb] = LifeWorld.Run,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var verb, var seed] || !Worlds.TryGetValue(verb, out var run))
        {
            // A runner that steers the tests by messages says so; everyone else reads what they print.
            return args.Contains("--server")
                ? await TestPlatformTestFramework.RunAsync(args, static (_, _) => { })
                : await ConsoleRunner.Run(args);
        }

        foreach (var line in run(int.Parse(seed, CultureInfo.InvariantCulture)))
        {
            await Console.Out.WriteAsync(line + '\n');
        }

        return 0;
    }
}
