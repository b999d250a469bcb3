using System.Globalization;

namespace Doorbuster.Conformance;

/// <summary>
/// What an operator makes of a sale, as a shopkeeper can read it. The first line has the sale's terms; each row says
/// what is wanted, and when, and what must be told:
/// <code>
/// quantity 10, opens 12:00, closes 13:00
/// 11:00 pause           | done | r2 paused 10
/// 11:01 add 5 as monday | done | r3 paused 15
/// 11:02 edit r3 limit 2 | done | r4 paused 15
/// </code>
/// A sale is written with its revision, its state at that time, and its units. An edit names the revision it was made
/// from. A <c>#</c> begins a remark.
/// </summary>
/// <param name="Sale">The sale, of revision 1.</param>
/// <param name="Rows">What is wanted of it, one after the other.</param>
public sealed record SaleTable(Sale Sale, IReadOnlyList<ChangeRow> Rows)
{
    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">A line is none of those that a table has.</exception>
    public static SaleTable Parse(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToArray();
        var terms = TableTerms.Parse(lines[0]);
        var sale = Samples.Sale(quantity: terms.Quantity, limit: terms.Limit) with
        {
            OpensAt = terms.OpensAt,
            ClosesAt = terms.ClosesAt,
            Mode = terms.Mode,
        };
        return new SaleTable(sale, [.. lines.Skip(1).Select(ChangeRow.Parse)]);
    }
}

/// <summary>One row of a <see cref="SaleTable"/>.</summary>
/// <param name="Time">When.</param>
/// <param name="Wanted">What is wanted.</param>
/// <param name="Told">How it must end.</param>
/// <param name="Sale">The sale that must stand then.</param>
public sealed record ChangeRow(string Time, string Wanted, string Told, string Sale)
{
    /// <summary>When it is wanted.</summary>
    public DateTimeOffset At => TableTerms.Time(Time);

    /// <summary>Reads a row.</summary>
    public static ChangeRow Parse(string line)
    {
        var columns = line.Split('|').Select(column => string.Join(' ', OrderTable.Words(column))).ToArray();
        return columns is [var wanted, var told, var sale] && wanted.Split(' ', 2) is [var time, var what]
            ? new ChangeRow(time, what, told, sale)
            : throw OrderTable.NotA(line, "time what | told | sale");
    }

    /// <summary>What the row wants of a sale.</summary>
    /// <param name="sale">The sale as it is, from whose terms an edit starts.</param>
    public SaleChange ChangeOf(Sale sale) => Wanted.Split(' ', 4) switch
    {
        ["pause"] => new SaleChange.Pause(),
        ["resume"] => new SaleChange.Resume(),
        ["close"] => new SaleChange.Close(),
        ["add", var units, "as", var request] => new SaleChange.Replenish(Number(units), request),
        ["edit", ['r', .. var revision]] => new SaleChange.Edit(sale, Number(revision)),
        ["edit", ['r', .. var revision], var field, var value] =>
            new SaleChange.Edit(With(sale, field, value), Number(revision)),
        _ => throw OrderTable.NotA(Wanted, "what is wanted"),
    };

    /// <summary>The row as it was told.</summary>
    public ChangeRow As(SaleChangeAnswer answer) => this with
    {
        Told = Word(answer.Outcome),
        Sale = answer.Sale is { } sale
            ? $"r{sale.Revision} {sale.StateAt(At).ToString().ToLowerInvariant()} {sale.Quantity}"
            : "-",
    };

    /// <summary>The row as text, so that a failure reads as a table.</summary>
    public override string ToString() => $"{Time} {Wanted,-28} | {Told,-16} | {Sale}";

    private static Sale With(Sale sale, string field, string value) => field switch
    {
        "title" => sale with { Title = value },
        "description" => sale with { Description = value },
        "picture" => sale with { ImageUrl = new Uri(value) },
        "price" => sale with { Price = OrderScene.Money(value.Split(' ')[0], value.Split(' ')[1]) },
        "opens" => sale with { OpensAt = TableTerms.Time(value) },
        "closes" => sale with { ClosesAt = value == "never" ? null : TableTerms.Time(value) },
        "limit" => sale with { PerBuyerLimit = Number(value) },
        "window" => sale with { PaymentWindow = TimeSpan.FromMinutes(Number(value)) },
        "token" => sale with { RequirePurchaseToken = value == "needed" },
        "quantity" => sale with { Quantity = Number(value) },
        "mode" => sale with { Mode = Enum.Parse<SaleMode>(value, ignoreCase: true) },
        _ => throw new FormatException($"'{field}' is no term of a sale."),
    };

    private static string Word(SaleChangeOutcome outcome) => outcome switch
    {
        SaleChangeOutcome.RevisionDiffers => "revision differs",
        SaleChangeOutcome.NotScheduled => "not scheduled",
        SaleChangeOutcome.TooMany => "too many",
        SaleChangeOutcome.RequestReused => "request reused",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
