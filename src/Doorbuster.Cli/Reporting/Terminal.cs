using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>
/// Standard output and standard error, with colours where a person looks at them, and plain text, never folded, where a
/// program reads it. <c>NO_COLOR</c> is honoured.
/// </summary>
internal static class Terminal
{
    private const int Unfolded = 10_000;

    /// <summary>Where figures go.</summary>
    public static IAnsiConsole Figures { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Where progress goes.</summary>
    public static IAnsiConsole Progress { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether a picture that changes in place can be shown.</summary>
    public static bool CanDraw(IAnsiConsole console) => console.Profile.Capabilities.Ansi;

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = Unfolded;
        }

        return console;
    }
}
