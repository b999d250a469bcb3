using System.Globalization;
using System.Text.Json;
using Doorbuster.Cli.Api;
using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>What <c>sale</c> prints.</summary>
internal static class SaleText
{
    /// <summary>Prints one sale.</summary>
    public static void Write(JsonElement answer, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(answer);
            return;
        }

        var sale = answer.Deserialize(ApiJson.Default.SaleView)!;
        var grid = new Grid().AddColumn().AddColumn();
        Row(grid, "sale", sale.Id);
        Row(grid, "title", sale.Title);
        Row(grid, "state", sale.State);
        Row(grid, "units", Units(sale));
        Row(grid, "price", Price(sale.Price));
        Row(grid, "opens", Time(sale.OpensAt));
        Row(grid, "closes", sale.ClosesAt is { } closesAt ? Time(closesAt) : "never");
        Row(grid, "a buyer", $"at most {sale.PerBuyerLimit:N0}");
        Row(grid, "payment", $"within {sale.PaymentWindow}");
        Row(grid, "claims need", sale.RequirePurchaseToken ? "a purchase token" : "the buyer's JWT");
        Terminal.Figures.Write(grid);
    }

    /// <summary>Prints many sales.</summary>
    public static void WriteList(IReadOnlyList<JsonElement> answers, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(new Dictionary<string, IReadOnlyList<JsonElement>> { ["items"] = answers });
            return;
        }

        var table = new Table().Border(TableBorder.None);
        table.AddColumn("sale").AddColumn("state").AddColumn(new TableColumn("left").RightAligned())
            .AddColumn("opens").AddColumn("title");
        foreach (var sale in answers.Select(answer => answer.Deserialize(ApiJson.Default.SaleView)!))
        {
            table.AddRow(
                [.. new[] { sale.Id, sale.State, Units(sale), Time(sale.OpensAt), sale.Title }.Select(Markup.Escape)]);
        }

        Terminal.Figures.Write(table);
    }

    private static void Row(Grid grid, string name, string value) =>
        grid.AddRow($"[grey]{name}[/]", Markup.Escape(value));

    private static string Units(SaleView sale) =>
        $"{sale.Available:N0} of {sale.Quantity:N0}";

    // Minor units are shown as they are: how many make one of the currency differs between currencies.
    private static string Price(Price price) =>
        $"{price.Amount:N0} minor units of {price.Currency}";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
