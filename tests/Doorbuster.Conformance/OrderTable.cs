namespace Doorbuster.Conformance;

/// <summary>
/// The life of orders and their payments as a shopkeeper can read it. The first lines are orders that are reserved;
/// each row says what is asked, and when, and what must be told:
/// <code>
/// anna 1999 EUR until 12:10
/// 12:01 anna wants to pay              | done   | anna reserved r1 (anna/1) | anna/1 created
/// 12:02 1999 EUR for anna by anna/1    | done   | anna paid r2 (anna/1)     | anna/1 captured
/// 12:03 anna cancels                   | refused| anna paid r2 (anna/1)     | -
/// </code>
/// An order is written with its revision, its turn (<c>t1</c>) once late money has asked for its units, and the payment
/// it shows; <c>anna/1</c> is the first payment of Anna's order, <c>x/anna/1</c> that of an order in
/// another sale under the same key, and any other name is one of the provider's own. A <c>#</c> begins a remark.
/// </summary>
/// <param name="Orders">The orders.</param>
/// <param name="Rows">What is asked of them, one after the other.</param>
public sealed record OrderTable(IReadOnlyList<OrderRow> Orders, IReadOnlyList<CommandRow> Rows)
{
    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">A line is none of those that a table has.</exception>
    public static OrderTable Parse(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToArray();
        return new OrderTable(
            [.. lines.Where(line => !line.Contains('|', StringComparison.Ordinal)).Select(OrderRow.Parse)],
            [.. lines.Where(line => line.Contains('|', StringComparison.Ordinal)).Select(CommandRow.Parse)]);
    }

    internal static FormatException NotA(string line, string form) => new($"'{line}' is no line of the form: {form}");

    internal static string[] Words(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>An order that is reserved when its table begins.</summary>
public sealed record OrderRow(string Buyer, Money Amount, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads a row.</summary>
    public static OrderRow Parse(string line) =>
        OrderTable.Words(line) is [var buyer, var amount, var currency, "until", var time]
            ? new OrderRow(buyer, OrderScene.Money(amount, currency), TableTerms.Time(time))
            : throw OrderTable.NotA(line, "buyer amount currency until time");
}

/// <summary>One row of an <see cref="OrderTable"/>.</summary>
/// <param name="Time">When.</param>
/// <param name="Asked">What is asked.</param>
/// <param name="Told">How it must end.</param>
/// <param name="Order">The order that must stand then.</param>
/// <param name="Payment">The payment that must stand then.</param>
public sealed record CommandRow(string Time, string Asked, string Told, string Order, string Payment)
{
    /// <summary>When it is asked.</summary>
    public DateTimeOffset At => TableTerms.Time(Time);

    /// <summary>Reads a row.</summary>
    public static CommandRow Parse(string line)
    {
        var columns = line.Split('|').Select(column => string.Join(' ', OrderTable.Words(column))).ToArray();
        return columns is [var asked, var told, var order, var payment] && asked.Split(' ', 2) is [var time, var what]
            ? new CommandRow(time, what, told, order, payment)
            : throw OrderTable.NotA(line, "time what | told | order | payment");
    }

    /// <summary>The row as text, so that a failure reads as a table.</summary>
    public override string ToString() => $"{Time} {Asked,-36} | {Told,-7} | {Order,-34} | {Payment}";
}
