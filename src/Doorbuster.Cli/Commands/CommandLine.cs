using System.CommandLine;
using System.CommandLine.Help;

namespace Doorbuster.Cli.Commands;

/// <summary>All verbs, and how each of them ends.</summary>
internal static class CommandLine
{
    /// <summary>Runs what the command line asks for.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return RefuseUsage(parsed);
        }

        using var interruption = new Interruption();
        try
        {
            // Without a time-out of its own the parser leaves signals to us: a server takes its time to drain.
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, interruption.Token);
        }
        catch (CommandException failure)
        {
            await Console.Error.WriteLineAsync($"doorbuster: {failure.Message}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    // Named by hand: a RootCommand takes the name of the file, which is that of the project.
    private static Command CreateRoot() =>
        new("doorbuster", "Sells a fixed quantity of goods to a crowd far larger: exactly what there is.")
        {
            new HelpOption(),
            new VersionOption(),
            DemoCommand.Create(),
            ServeCommand.Create(),
            MigrateCommand.Create(),
            SaleCommand.Create(),
            TokenCommand.Create(),
            LoadCommand.Create(),
            AuditCommand.Create(),
        };

    private static int RefuseUsage(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine($"doorbuster: {error.Message}");
        }

        Console.Error.WriteLine($"'{Path(parsed.CommandResult.Command)} --help' shows what it takes.");
        return ExitCodes.WrongUsage;
    }

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{Path(parent)} {command.Name}"
            : command.Name;
}
