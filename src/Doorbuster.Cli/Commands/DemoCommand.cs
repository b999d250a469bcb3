using System.CommandLine;
using Doorbuster.Cli.Hosting;
using Doorbuster.Cli.Http;
using Doorbuster.Cli.Load;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>demo</c>: a sale, its server and its crowd in one process, over real HTTP; then the audit.</summary>
internal sealed class DemoCommand
{
    private const int EncoreBuyers = 2 * DemoShop.EncoreQuantity;
    private const double EncoreRatePerSecond = 1.5;

    private static readonly TimeSpan? DefaultOver = TimeSpan.FromSeconds(15);

    private readonly Option<int> _quantity =
        OptionKinds.Whole("--quantity", 1, LoadPlan.MaxBuyers, "Units on sale");

    private readonly Option<int> _buyers = OptionKinds.Whole(
        "--buyers", 1, LoadPlan.MaxBuyers, "How many buyers come, each to claim one unit");

    private readonly Option<TimeSpan?> _over = OptionKinds.Length(
        "--over",
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromMinutes(10),
        "The time over which they come, once the doors are open (default 15s; not with --once)");

    private readonly Option<bool> _json = new("--json") { Description = "Print the figures as one line of JSON" };
    private readonly Option<bool> _once = new("--once")
    {
        Description = "No countdown, full speed, and an end: without it the server stays up until Ctrl+C",
    };

    private DemoCommand()
    {
        _quantity.DefaultValueFactory = _ => 1_000;
        _buyers.DefaultValueFactory = _ => 20_000;
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var verb = new DemoCommand();
        var command = new Command("demo", "Shows a whole flash sale on this machine, and proves that the law held.")
        {
            verb._quantity, verb._buyers, verb._over, verb._json, verb._once,
        };
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var once = parsed.GetValue(_once);
        var (quantity, buyers) = (parsed.GetValue(_quantity), parsed.GetValue(_buyers));
        RefuseTooFew(buyers, quantity);
        RefuseBoth(once, parsed.GetValue(_over));
        await using var shop = await DemoShop.OpenAsync(
            quantity, once ? TimeSpan.Zero : DemoShop.Countdown, cancellationToken);
        var over = parsed.GetValue(_over) ?? (once ? null : DefaultOver);
        var plan = new LoadPlan(
            shop.Address, DemoShop.Sale, buyers, buyers / over?.TotalSeconds, LoadPlan.DefaultConnections);
        var crowd = new MintedBuyers(id => shop.Tokens.ForBuyer(BuyerId.Parse(id)), plan.RunId);
        var purchases = new Purchases(plan, crowd, shop.Tokens.ForOperator());
        var run = new LoadRun(plan, crowd, TimeProvider.System, purchases);
        var outcome = await LiveDisplay.ShowWhileAsync(run, plan, cancellationToken);
        var audit = await shop.AuditAsync(cancellationToken);
        var report = DemoReport.From(plan, outcome, purchases, audit);
        if (parsed.GetValue(_json))
        {
            JsonLine.Write(report);
        }
        else
        {
            DemoText.Write(report, audit, plan, outcome);
        }

        if (!once)
        {
            await StayAsync(shop, cancellationToken);
        }

        return report.IsSuccess ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Stays up, with a sale on which a person can buy beside a crowd that comes slowly.</summary>
    private static async Task StayAsync(DemoShop shop, CancellationToken cancellationToken)
    {
        await shop.BeginEncoreAsync(cancellationToken);
        await Console.Error.WriteLineAsync($"The server stays up at {shop.Address} until Ctrl+C.");
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var crowd = BuySlowlyAsync(shop, together.Token);
        await shop.ServeUntilAsync(cancellationToken);
        await together.CancelAsync();
        await crowd;
    }

    private static async Task BuySlowlyAsync(DemoShop shop, CancellationToken cancellationToken)
    {
        var plan = new LoadPlan(
            shop.Address, DemoShop.Encore, EncoreBuyers, EncoreRatePerSecond, LoadPlan.DefaultConnections / 16);
        var crowd = new MintedBuyers(id => shop.Tokens.ForBuyer(BuyerId.Parse(id)), plan.RunId);
        var purchases = new Purchases(plan, crowd, shop.Tokens.ForOperator());
        try
        {
            await new LoadRun(plan, crowd, TimeProvider.System, purchases).RunAsync(cancellationToken);
        }
        catch (Exception end) when (end is OperationCanceledException or TransportException or CommandException)
        {
            // Whoever watches has closed the sale, or ends the demo.
        }
    }

    private static void RefuseBoth(bool once, TimeSpan? over)
    {
        if (once && over is not null)
        {
            throw CommandException.Usage(
                "--once runs at full speed, and --over asks for a pace. Give one of them; a crowd that comes at a pace "
                + "and ends is 'doorbuster load --rate' against 'doorbuster serve'.");
        }
    }

    private static void RefuseTooFew(int buyers, int quantity)
    {
        if (buyers < quantity)
        {
            throw CommandException.Usage(
                $"--buyers is {buyers}, and each buys one unit: they cannot buy out --quantity {quantity}. Give at "
                + $"least {quantity} buyers, or a smaller quantity.");
        }
    }
}
