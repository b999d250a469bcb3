using System.CommandLine;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>sale pause</c>, <c>sale resume</c> and <c>sale close</c>: the turns an operator gives a sale.</summary>
internal static class SaleTurnCommand
{
    /// <summary>The verb that pauses.</summary>
    public static Command CreatePause() => Create("pause", "Admits nothing until the sale is resumed.");

    /// <summary>The verb that resumes.</summary>
    public static Command CreateResume() => Create("resume", "Goes on after a pause.");

    /// <summary>The verb that closes.</summary>
    public static Command CreateClose() =>
        Create("close", "Closes the sale for good; reservations still pay or expire.");

    private static Command Create(string turn, string description)
    {
        var server = new ServerOptions();
        var sale = OptionKinds.Sale("--sale", "Which sale");
        sale.Required = true;
        var json = new Option<bool>("--json") { Description = "Print the sale as one line of JSON" };
        var command = new Command(turn, description) { sale, json };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var access = server.Read(parsed);
            using var api = new SalesApi(access.Server, access.OperatorToken());
            SaleText.Write(
                await api.TurnAsync(parsed.GetValue(sale)!, turn, cancellationToken), parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }
}
