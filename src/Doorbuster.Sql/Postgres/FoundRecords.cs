using Doorbuster.Orders;
using Doorbuster.Payments;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Orders and payments that a transaction has read under the locks of their sales.</summary>
internal sealed class FoundRecords
{
    /// <summary>Orders by their ids.</summary>
    public Dictionary<OrderId, Order> Orders { get; } = [];

    /// <summary>Payments by their names, with the rows they are in.</summary>
    public Dictionary<PaymentId, (long No, Payment Payment)> Payments { get; } = [];

    /// <summary>Numbers for payments that may be new.</summary>
    public List<long> Numbers { get; } = [];
}

/// <summary>What commands are about: what must be locked and read before they can be decided.</summary>
internal sealed class Wanted
{
    private readonly HashSet<OrderId> _orders = [];
    private readonly HashSet<string> _payments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opening = new(StringComparer.Ordinal);
    private int _mayBeNew;

    private Wanted()
    {
    }

    /// <summary>The sales whose rows are locked.</summary>
    public string[] Sales => [.. _orders.Select(order => order.Sale.ToString()).Distinct(StringComparer.Ordinal)];

    /// <summary>Names of payments that name no order: only the store knows of which orders they are.</summary>
    /// <remarks>That never changes, so it may be asked before anything is locked.</remarks>
    public static string[] NamelessIn(IReadOnlyList<OrderCommand> commands) =>
    [
        .. commands.OfType<OrderCommand.OfPayment>()
            .Where(command => !command.Payment.TryRead(out _, out _))
            .Select(command => command.Payment.ToString()),
    ];

    /// <summary>What commands are about.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="orderIds">Of which orders nameless payments are, as whoever reported them wrote it.</param>
    public static Wanted By(IReadOnlyList<OrderCommand> commands, IEnumerable<string> orderIds)
    {
        var wanted = new Wanted();
        foreach (var command in commands)
        {
            wanted.Add(command);
        }

        foreach (var text in orderIds)
        {
            wanted.AddOrder(text);
        }

        return wanted;
    }

    /// <summary>What late money's claims are about.</summary>
    public static Wanted By(IEnumerable<Claim> revivals)
    {
        var wanted = new Wanted();
        foreach (var claim in revivals)
        {
            wanted._orders.Add(claim.Order);
            wanted._payments.Add(claim.Revival!.Payment.ToString());
        }

        return wanted;
    }

    /// <summary>Adds the statements that read it, behind the one that locks the sales.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        batch.Add(OrderRows.SelectByIds, OrderRows.OfIds(_orders));
        batch.Add(PaymentRows.LockByIds, Parameters.Of([.. _payments]));
        batch.Add(PaymentRows.SelectByOrders, Parameters.Of([.. _opening]));
        batch.Add(PaymentRows.DrawNumbers, Parameters.Of(_mayBeNew));
    }

    /// <summary>Reads what those statements found; the reader stands before the first of them.</summary>
    public static async Task<FoundRecords> ReadAsync(NpgsqlDataReader reader)
    {
        var found = new FoundRecords();
        while (await reader.ReadAsync())
        {
            var order = OrderRows.Read(reader);
            found.Orders[order.Id] = order;
            if (order.Payment is { } shown)
            {
                found.Payments[shown.Id] = (OrderRows.ReadPaymentNo(reader)!.Value, shown);
            }
        }

        for (var statement = 0; statement < 2; statement++)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                // The order's own look at the payment it shows is the same object, so that it counts as unchanged.
                var payment = PaymentRows.Read(reader, PaymentRows.First);
                found.Payments.TryAdd(payment.Id, (reader.GetInt64(0), payment));
            }
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            found.Numbers.Add(reader.GetInt64(0));
        }

        return found;
    }

    private void Add(OrderCommand command)
    {
        if (command is OrderCommand.OfOrder named)
        {
            _orders.Add(named.Order);
        }
        else if (command is OrderCommand.OfPayment { Payment: var payment })
        {
            _payments.Add(payment.ToString());
            if (payment.TryRead(out var order, out _))
            {
                _orders.Add(order);
            }
        }

        if (command is OrderCommand.OpenPayment open)
        {
            _opening.Add(open.Order.ToString());
            _mayBeNew++;
        }
        else if (command is OrderCommand.Capture capture)
        {
            AddOrder(capture.OrderId);
            _mayBeNew++;
        }
    }

    private void AddOrder(string text)
    {
        if (OrderId.TryParse(text, out var order))
        {
            _orders.Add(order);
        }
    }
}
