using System.CommandLine;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>sale replenish</c>: adds units to a sale.</summary>
internal static class SaleReplenishCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var server = new ServerOptions();
        var sale = OptionKinds.Sale("--sale", "Which sale");
        sale.Required = true;
        var quantity = OptionKinds.Whole("--quantity", 1, Sale.MaxQuantity, "Units to add");
        quantity.Required = true;
        var requestId = new Option<string>("--request-id")
        {
            Description = "Names the request: given again, it adds nothing more (default: a new one each time)",
            HelpName = "ID",
        };
        var json = new Option<bool>("--json") { Description = "Print the sale as one line of JSON" };
        var command = new Command("replenish", "Adds units; a sale that was sold out sells again.")
        {
            sale, quantity, requestId, json,
        };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var access = server.Read(parsed);
            using var api = new SalesApi(access.Server, access.OperatorToken());
            var replenishment = new Replenishment(
                parsed.GetValue(quantity), parsed.GetValue(requestId) ?? Guid.NewGuid().ToString("N"));
            SaleText.Write(
                await api.ReplenishAsync(parsed.GetValue(sale)!, replenishment, cancellationToken),
                parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }
}
