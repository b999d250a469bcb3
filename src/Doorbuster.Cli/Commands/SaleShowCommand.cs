using System.CommandLine;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>sale show</c>: shows one sale.</summary>
internal static class SaleShowCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var server = new ServerOptions();
        var sale = OptionKinds.Sale("--sale", "Which sale");
        sale.Required = true;
        var json = new Option<bool>("--json") { Description = "Print the sale as one line of JSON" };
        var command = new Command("show", "Shows one sale.") { sale, json };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = new SalesApi(server.Read(parsed).Server, token: null);
            SaleText.Write(await api.ShowAsync(parsed.GetValue(sale)!, cancellationToken), parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }
}
