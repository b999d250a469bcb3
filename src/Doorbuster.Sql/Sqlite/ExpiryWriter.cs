using Doorbuster.Orders;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Ends reservations that are due together, within a transaction of the caller. Orders of one batch of claims end
/// together and stand in rows that follow each other: such rows are read at once, decided one by one like all others,
/// and written at once.
/// </summary>
internal sealed class ExpiryWriter(Connection connection, Records records, StockChanges stock) : IDisposable
{
    private readonly Statement _update = connection.Prepare(OrderRows.UpdateRange);

    /// <summary>Decides and writes expiries of orders whose rows follow each other.</summary>
    /// <param name="commands">Commands, these among them.</param>
    /// <param name="first">The place of the first of them.</param>
    /// <param name="answers">One answer each.</param>
    /// <param name="now">The time of the transaction.</param>
    public void Apply(
        IReadOnlyList<OrderCommand> commands, int first, Span<OrderAnswer> answers, DateTimeOffset now)
    {
        var found = records.FindAll(commands, first, answers.Length);
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = OrderRule.Decide(
                commands[first + i], found[i].Order, found[i].Payment, records.IsTaken, now);
        }

        for (var i = 0; i < answers.Length;)
        {
            var count = Alike(found, answers, i);
            if (count > 0)
            {
                Write(found.AsSpan(i, count), answers.Slice(i, count), now);
            }

            i += Math.Max(count, 1);
        }
    }

    public void Dispose() => _update.Dispose();

    /// <summary>How many from one on take the same step; 0 where it takes none.</summary>
    private static int Alike(Record[] found, ReadOnlySpan<OrderAnswer> answers, int first)
    {
        var count = 0;
        while (first + count < answers.Length
            && answers[first + count].Outcome == CommandOutcome.Done
            && found[first + count].Order!.Revision == found[first].Order!.Revision)
        {
            count++;
        }

        return count;
    }

    /// <summary>An expiry leads from one state to one other, and changes nothing else but the revision.</summary>
    private void Write(ReadOnlySpan<Record> before, ReadOnlySpan<OrderAnswer> after, DateTimeOffset now)
    {
        for (var i = 0; i < before.Length; i++)
        {
            stock.Transit(before[i].SaleNo, before[i].Order!, after[i].Order!);
            stock.Append(before[i], after[i], before[i].PaymentNo, now);
        }

        var (was, order) = (before[0].Order!, after[0].Order!);
        _update
            .Bind(1, before[0].OrderNo).Bind(2, before[^1].OrderNo).Bind(3, (long)order.Status)
            .Bind(4, order.Revision).Bind(5, (long)was.Status).Bind(6, was.Revision)
            .Run();
        connection.MustHaveChanged(before.Length, $"An order of the {before.Length} that begin with {order.Id}");
    }
}
