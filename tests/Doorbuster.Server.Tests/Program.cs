using Doorbuster.Server.Tests.Reference;
using Xunit.Runner.InProc.SystemConsole;

namespace Doorbuster.Server.Tests;

/// <summary>Runs the tests; or, asked for it, writes into the pages of reference what the code says.</summary>
internal static class Program
{
    public const string ReferenceVerb = "reference";

    public static async Task<int> Main(string[] args)
    {
        if (args is not [ReferenceVerb])
        {
            return await ConsoleRunner.Run(args);
        }

        foreach (var page in Page.All)
        {
            page.Rewrite();
        }

        return 0;
    }
}
