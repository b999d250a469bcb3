using System.CommandLine;
using Doorbuster.Cli.Identity;
using Doorbuster.Cli.Load;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>load</c>: an open-loop crowd on a sale, over HTTP alone.</summary>
internal sealed class LoadCommand
{
    private readonly ServerOptions _server = new();
    private readonly Option<string> _sale = OptionKinds.Sale("--sale", "Which sale");
    private readonly Option<int> _buyers = OptionKinds.Whole(
        "--buyers", 1, LoadPlan.MaxBuyers, "How many buyers come, each to claim one unit");

    private readonly Option<double?> _rate = OptionKinds.Rate(
        "--rate",
        LoadPlan.MaxRatePerSecond,
        "Arrivals a second, fixed in advance; latency then counts from the intended time. Without it, as fast as the "
        + "connections allow, and latency counts from when a connection was free");

    private readonly Option<int> _connections = OptionKinds.Whole(
        "--connections", 1, LoadPlan.MaxConnections, "How many claims can be under way at once");

    private readonly Option<bool> _json = new("--json") { Description = "Print the figures as one line of JSON" };

    private LoadCommand()
    {
        _sale.Required = true;
        _buyers.Required = true;
        _connections.DefaultValueFactory = _ => LoadPlan.DefaultConnections;
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var verb = new LoadCommand();
        var command = new Command("load", "Sends a crowd to a sale, and reports what it met.")
        {
            verb._sale, verb._buyers, verb._rate, verb._connections, verb._json,
        };
        verb._server.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var access = _server.Read(parsed);
        var plan = new LoadPlan(
            access.Server,
            parsed.GetValue(_sale)!,
            parsed.GetValue(_buyers),
            parsed.GetValue(_rate),
            parsed.GetValue(_connections));
        var run = new LoadRun(plan, BuyersOf(access, plan), TimeProvider.System);
        var outcome = await LiveDisplay.ShowWhileAsync(run, plan, cancellationToken);
        var report = LoadReport.From(plan, outcome);
        if (parsed.GetValue(_json))
        {
            JsonLine.Write(report);
        }
        else
        {
            LoadText.Write(plan, outcome);
        }

        return report.Unanswered == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    // An operator's token names no buyer, and is likely to be the one that 'sale' and 'audit' use from the environment.
    private static IBuyers BuyersOf(ServerAccess access, LoadPlan plan) => access switch
    {
        { Signer: { } signer } => new MintedBuyers(id => signer.ForBuyer(BuyerId.Parse(id)), plan.RunId),
        { Token: { } token } when !TokenRole.IsOperator(token) => new SingleBuyer(token),
        _ => new GuestBuyers(plan.Server),
    };
}
