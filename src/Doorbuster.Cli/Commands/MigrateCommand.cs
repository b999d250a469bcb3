using System.CommandLine;
using Doorbuster.Cli.Hosting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>migrate</c>: brings the order store's schema up to date.</summary>
internal static class MigrateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var data = OptionKinds.DataDirectory("The data directory");
        var command = new Command("migrate", "Brings the order store's schema up to date.") { data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = await StoreMigration.RunAsync(parsed.GetValue(data), cancellationToken);
            await Console.Error.WriteLineAsync($"The order store {store} is up to date.");
            return ExitCodes.Done;
        });
        return command;
    }
}
