using System.CommandLine;
using System.Xml;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Reporting;

namespace Doorbuster.Cli.Commands;

/// <summary><c>sale create</c>: puts something on sale.</summary>
internal sealed class SaleCreateCommand
{
    private readonly ServerOptions _server = new();
    private readonly Option<string> _id = OptionKinds.Sale("--id", "The sale's id (default: one the server makes)");
    private readonly Option<string> _title = new("--title")
    {
        Description = "What is on sale",
        HelpName = "TEXT",
        Required = true,
    };

    private readonly Option<string> _description = new("--description")
    {
        Description = "More about it",
        HelpName = "TEXT",
    };

    private readonly Option<string> _imageUrl = new("--image-url")
    {
        Description = "A picture of it",
        HelpName = "URL",
    };

    private readonly Option<int> _quantity = OptionKinds.Whole("--quantity", 1, Sale.MaxQuantity, "Units on sale");
    private readonly Option<long> _price = OptionKinds.MinorUnits("--price", "The price of one unit, in minor units");
    private readonly Option<string> _currency = OptionKinds.Currency("--currency", "The price's currency");
    private readonly Option<Moment?> _opensAt =
        OptionKinds.Moment("--opens-at", "When claims are taken (default now)");

    private readonly Option<Moment?> _closesAt = OptionKinds.Moment("--closes-at", "Until when (default: no end)");
    private readonly Option<int> _perBuyerLimit =
        OptionKinds.Whole("--per-buyer-limit", 1, Sale.MaxQuantity, "Units that one buyer may hold");

    private readonly Option<TimeSpan?> _paymentWindow = OptionKinds.Length(
        "--payment-window",
        TimeSpan.FromSeconds(1),
        TimeSpan.FromHours(24 * 365),
        "How long a reservation waits for its payment (default 10m)");

    private readonly Option<bool> _noPurchaseToken = new("--no-purchase-token")
    {
        Description = "Claims need no purchase token: the buyer's JWT is enough",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the sale as one line of JSON" };

    private SaleCreateCommand()
    {
        _quantity.Required = true;
        _price.Required = true;
        _currency.DefaultValueFactory = _ => "EUR";
        _perBuyerLimit.DefaultValueFactory = _ => 1;
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var verb = new SaleCreateCommand();
        var command = new Command("create", "Puts something on sale.")
        {
            verb._id, verb._title, verb._description, verb._imageUrl, verb._quantity, verb._price, verb._currency,
            verb._opensAt, verb._closesAt, verb._perBuyerLimit, verb._paymentWindow, verb._noPurchaseToken, verb._json,
        };
        verb._server.AddTo(command);
        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var access = _server.Read(parsed);
        using var api = new SalesApi(access.Server, access.OperatorToken());
        SaleText.Write(await api.CreateAsync(Read(parsed), cancellationToken), parsed.GetValue(_json));
        return ExitCodes.Done;
    }

    private NewSale Read(ParseResult parsed) => new(
        parsed.GetValue(_id),
        parsed.GetValue(_title)!,
        parsed.GetValue(_description),
        parsed.GetValue(_imageUrl),
        parsed.GetValue(_quantity),
        new Price(parsed.GetValue(_price), parsed.GetValue(_currency)!),
        (parsed.GetValue(_opensAt) ?? Moment.Now).Resolve(TimeProvider.System),
        parsed.GetValue(_closesAt)?.Resolve(TimeProvider.System),
        parsed.GetValue(_perBuyerLimit),
        XmlConvert.ToString(parsed.GetValue(_paymentWindow) ?? TimeSpan.FromMinutes(10)),
        !parsed.GetValue(_noPurchaseToken));
}
