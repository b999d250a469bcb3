namespace Doorbuster.Cli;

/// <summary>What the process exits with; scripts depend on these.</summary>
internal static class ExitCodes
{
    /// <summary>Done; for <c>audit</c> and <c>demo</c>: and the law holds.</summary>
    public const int Done = 0;

    /// <summary>Understood, but not done; for <c>audit</c> and <c>demo</c> also: the law does not hold.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong; nothing was tried.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by a signal before it was done, as a shell reports Ctrl+C.</summary>
    public const int Interrupted = 130;
}
