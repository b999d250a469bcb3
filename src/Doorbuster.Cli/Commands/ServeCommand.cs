using System.CommandLine;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Cli.Hosting;

namespace Doorbuster.Cli.Commands;

/// <summary>
/// <c>serve</c>: the server, until Ctrl+C or SIGTERM, be it ready by then or not; it answers everyone, and exits 0.
/// </summary>
internal static class ServeCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var urls = OptionKinds.ListenUrls(
            "--urls",
            "Where to listen, several with ';' between (default: the settings', else "
            + $"{DoorbusterServer.DefaultUrl})");
        var data = OptionKinds.DataDirectory("The data directory");
        var waitForLock = new Option<bool>("--wait-for-lock")
        {
            Description = "Wait until the process that owns the order store ends, instead of refusing to start",
        };
        var roles = OptionKinds.Roles("--roles", "What this node does: api, worker or api,worker (default: both)");
        var command = new Command("serve", "Runs the server.") { urls, data, roles, waitForLock };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = ServerSettings.Serve(
                parsed.GetValue(urls), parsed.GetValue(data), parsed.GetValue(waitForLock), parsed.GetValue(roles));
            await ServeAsync(settings, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task ServeAsync(
        IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        try
        {
            await using var server =
                await DoorbusterServer.StartAsync(settings, LogLevel.Information, cancellationToken);
            Greet(server);
            await server.ServeUntilAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to end while it started, or waited for the store: there was nobody to answer yet.
            await Console.Error.WriteLineAsync("Stopped before it served anyone.");
        }
    }

    private static void Greet(DoorbusterServer server)
    {
        Console.Error.WriteLine($"Doorbuster serves at {string.Join(" and ", server.Addresses)}");
        var directory = Path.GetFullPath(server.Options.DataDirectory);
        Console.Error.WriteLine($"  its data are in {directory}{Elsewhere(server.Options, directory)}");
        Console.Error.WriteLine(server.Options.Identity.Authority is { } authority
            ? $"  tokens come from {authority}"
            : $"  an operator's token: doorbuster token --operator --data {Quoted(directory)}");
        Console.Error.WriteLine("  Ctrl+C or SIGTERM ends it, once everyone is answered");
    }

    /// <summary>Where the order store is, if that is not in the data directory.</summary>
    private static string Elsewhere(DoorbusterOptions options, string directory)
    {
        var file = Path.GetFullPath(options.Sqlite.Database);
        return options.Store == StoreKind.Postgres ? $", its order store is {options.Postgres.Place}"
            : Path.GetDirectoryName(file) != directory ? $", its order store is {file}"
            : "";
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;
}
