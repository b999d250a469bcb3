using System.CommandLine;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>sale list</c>: shows all sales, a line each.</summary>
internal static class SaleListCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var server = new ServerOptions();
        var json = new Option<bool>("--json") { Description = "Print {\"items\": [...]} as one line of JSON" };
        var command = new Command("list", "Shows all sales.") { json };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = new SalesApi(server.Read(parsed).Server, token: null);
            SaleText.WriteList(await api.ListAsync(cancellationToken), parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }
}
