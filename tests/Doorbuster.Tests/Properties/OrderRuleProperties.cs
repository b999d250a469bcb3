using Doorbuster.Conformance;
using Doorbuster.Payments;
using Doorbuster.Tests.Rules;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Doorbuster.Tests.Properties;

/// <summary>What holds of orders and money, whatever is asked and in which order it comes.</summary>
public sealed class OrderRuleProperties
{
    private const int Length = 30;

    private const string Orders = "anna 20 EUR until 12:10\nbert 20 EUR until 12:10\n";

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(600);

    private static readonly Gen<string> Buyers = Gen.Elements("anna", "bert", "nobody");

    private static readonly Gen<string> Payments = Gen.Elements("anna/1", "anna/2", "bert/1", "bert/3", "theirs");

    /// <summary>Rows of a table, so that a history that fails can be read and kept as one.</summary>
    private static readonly Arbitrary<string[]> Histories = Gen.OneOf(
        from buyer in Buyers
        from does in Gen.Elements("cancels", "expires", "wants to pay", "wants to pay")
        select $"{buyer} {does}",
        from amount in Gen.Elements("20 EUR", "20 EUR", "20 EUR", "19 EUR", "20 USD")
        from buyer in Buyers
        from payment in Payments
        select $"{amount} for {buyer} by {payment}",
        from payment in Payments
        from does in Gen.Elements("fails", "went back", "is paid at https://pay.it/")
        select $"{payment} {does}",
        from gate in Gen.Elements("units", "units", "no units left", "buyer limit")
        from payment in Payments
        select $"{gate} for {payment}").ArrayOf(Length).ToArbitrary();

    [Fact]
    public void Captured_money_pays_one_order_or_asks_for_one_or_goes_back() =>
        Holds((book, _) =>
        {
            var paying = book.Payments.Where(payment => payment is { State: PaymentState.Captured, Reviving: null });
            var paid = book.Orders.Where(order => order.Status == OrderStatus.Paid).Select(order => order.Payment!);
            return paying.ToHashSet().SetEquals(paid) && paid.Count() == paid.Distinct().Count()
                && book.Orders.All(order => order.Status != OrderStatus.Paid || order.Amount == order.Payment!.Amount);
        });

    [Fact]
    public void Money_asks_for_units_of_an_order_that_gave_them_back_and_each_time_under_another_turn() =>
        Holds((book, _) =>
        {
            var asking = book.Payments.Where(payment => payment.Reviving is not null).ToList();
            return asking.DistinctBy(payment => (payment.OrderId, payment.Reviving)).Count() == asking.Count
                && asking.All(payment => book.Orders.Any(
                    order => $"{order.Id}" == payment.OrderId && order.Turn >= payment.Reviving
                        && order.Status is OrderStatus.Expired or OrderStatus.Paid));
        });

    [Fact]
    public void What_was_taken_is_never_forgotten_and_a_refund_is_final() =>
        Holds((book, before) => before.Payments.All(earlier =>
        {
            var later = book.Payments.Single(payment => payment.Id == earlier.Id);
            return (!earlier.IsCaptured || (later.IsCaptured && later.Amount == earlier.Amount))
                && (earlier.State != PaymentState.Refunded || later == earlier)
                && (earlier.State != PaymentState.RefundDue
                    || later.State is PaymentState.RefundDue or PaymentState.Refunded);
        }));

    [Fact]
    public void A_transition_of_an_order_raises_its_revision_by_one() =>
        Holds((book, before) => before.Orders.Zip(book.Orders).All(order =>
            order.First.Status == order.Second.Status && order.First.Turn == order.Second.Turn
                ? order.First.Revision == order.Second.Revision
                : order.First.Revision + 1 == order.Second.Revision));

    [Fact]
    public void An_order_that_is_paid_or_cancelled_stays_so() =>
        Holds((book, before) => before.Orders.Zip(book.Orders).All(order =>
            order.First.Status is not (OrderStatus.Paid or OrderStatus.Cancelled)
            || order.First.Status == order.Second.Status));

    [Fact]
    public void The_histories_drawn_pay_revive_and_refund_often()
    {
        var books = Gen.Sample(Histories.Generator, 4_000).Select(rows => Play(rows, (_, _) => { })).ToList();
        var payments = books.SelectMany(book => book.Payments).ToList();

        Assert.All(
            Enum.GetValues<PaymentState>(),
            state => Assert.InRange(payments.Count(payment => payment.State == state), 10, int.MaxValue));
        Assert.InRange(
            books.Count(book => book.Orders.Any(order => order is { Status: OrderStatus.Paid, Turn: > 0 })),
            10,
            int.MaxValue);
    }

    [Fact]
    public void A_property_that_does_not_hold_is_seen() =>
        Assert.ThrowsAny<Exception>(
            () => Holds((book, _) => book.Orders.All(order => order.Status != OrderStatus.Paid)));

    private static void Holds(Func<OrderBook, (Order[] Orders, Payment[] Payments), bool> property) =>
        Prop.ForAll(Histories, rows =>
        {
            var holds = true;
            Play(rows, (book, before) => holds = holds && property(book, before));
            return holds;
        }).Check(Thorough);

    private static OrderBook Play(string[] rows, Action<OrderBook, (Order[], Payment[])> afterEach)
    {
        var table = OrderTable.Parse(
            Orders + string.Join('\n', rows.Select((row, i) => $"12:{5 + Math.Min(i, 40):00} {row} | ? | ? | ?")));
        var scene = new OrderScene(table);
        var book = new OrderBook(scene.Orders);
        foreach (var row in table.Rows)
        {
            var before = (book.Orders.ToArray(), book.Payments.ToArray());
            if (scene.CommandOf(row) is { } command)
            {
                book.Do(command, row.At);
            }
            else if (book.Payments.Any(payment => payment.Id == scene.RevivedBy(row) && payment.Reviving is not null))
            {
                book.Revive(scene.RevivedBy(row), row.At);
            }

            afterEach(book, before);
        }

        return book;
    }
}
