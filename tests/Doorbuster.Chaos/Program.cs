using System.Runtime.Versioning;
using Doorbuster.Chaos;

// Signals and processes: this is for Linux.
[assembly: SupportedOSPlatform("linux")]

if (ChaosPlan.TryParse(args) is not { } plan)
{
    await Console.Error.WriteLineAsync(ChaosPlan.Usage);
    return 2;
}

return await Run.ToTheEndAsync(plan) ? 0 : 1;
