namespace Doorbuster.Cli;

/// <summary>Ends a verb with a message for the person at the terminal, and an exit code for the script around it.
/// </summary>
internal sealed class CommandException : Exception
{
    private CommandException(int exitCode, string message, Exception? cause = null)
        : base(message, cause) => ExitCode = exitCode;

    /// <summary>What the process exits with.</summary>
    public int ExitCode { get; }

    /// <summary>The verb was asked for something that it cannot mean: wrong usage.</summary>
    /// <param name="message">What was wrong, the value found, and what to do.</param>
    public static CommandException Usage(string message) => new(ExitCodes.WrongUsage, message);

    /// <summary>The verb was understood, and could not be done.</summary>
    /// <param name="message">What was wrong, the value found, and what to do.</param>
    /// <param name="cause">What it failed on, for a debugger.</param>
    public static CommandException Failed(string message, Exception? cause = null) =>
        new(ExitCodes.Failed, message, cause);
}
