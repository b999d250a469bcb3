using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>The rules as tables: what an operator can make of a sale, by the one function that decides.</summary>
public sealed class SaleTableTests
{
    public static TheoryData<string, string> All => SaleTables.All;

    [Theory]
    [MemberData(nameof(All))]
    public void The_rules_tell_what_the_table_says(string scenario, string text)
    {
        var (sale, rows) = SaleTable.Parse(text);
        var added = new Dictionary<string, int>();
        foreach (var row in rows)
        {
            var change = row.ChangeOf(sale);
            var replenish = change as SaleChange.Replenish;
            int? before = replenish is not null && added.TryGetValue(replenish.RequestId, out var units) ? units : null;

            var answer = SaleRule.Decide(sale, change, before, row.At);

            Assert.True(row == row.As(answer), $"{scenario}:\n{row}\nwas told\n{row.As(answer)}");
            Assert.True(answer.Outcome == SaleChangeOutcome.Done || answer.Sale == sale, $"{scenario}: {row}");
            if (answer.Outcome == SaleChangeOutcome.Done && replenish is not null)
            {
                added[replenish.RequestId] = replenish.Quantity;
            }

            sale = answer.Sale!;
        }
    }

    [Fact]
    public void An_edit_takes_what_it_may_take_and_leaves_what_a_sale_is()
    {
        var sale = Samples.Sale();
        var terms = Samples.Sale("other", quantity: 99, limit: 7) with
        {
            Mode = SaleMode.Closed,
            Revision = 12,
            Description = "Longer",
            ClosesAt = Samples.Noon.AddHours(1),
            RequirePurchaseToken = false,
            CreatedAt = Samples.Noon,
        };

        var edited = SaleRule.Decide(sale, new SaleChange.Edit(terms, 1), null, Samples.Noon.AddHours(-1)).Sale;

        Assert.Equal(
            terms with
            {
                Id = sale.Id,
                Quantity = sale.Quantity,
                Mode = sale.Mode,
                Revision = 2,
                CreatedAt = sale.CreatedAt,
                OrderIdKey = sale.OrderIdKey,
            },
            edited);
    }

    [Fact]
    public void Every_outcome_is_told_in_some_table()
    {
        var told = All.SelectMany(row => SaleTable.Parse(row.Data.Item2).Rows).Select(row => row.Told).Distinct();

        // A sale that is not there is told by the store, which asks no rule about it.
        Assert.Equal(Enum.GetValues<SaleChangeOutcome>().Length - 1, told.Count());
    }

    [Theory]
    [InlineData("quantity 10, opens 12:00\n11:00 pause | stands | r1 scheduled 10")]
    [InlineData("quantity 10, opens 12:00\n11:00 pause | done | r2 paused 11")]
    public void A_table_that_is_wrong_is_seen(string text) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => The_rules_tell_what_the_table_says("wrong", text));

    [Fact]
    public void A_sale_with_as_many_revisions_as_it_may_have_is_not_added_to_or_edited_but_paused_and_closed()
    {
        var sale = Samples.Sale() with { Revision = 7 };
        SaleChange[] bounded =
            [new SaleChange.Replenish(1, "r"), new SaleChange.Edit(sale with { Title = "Other" }, 7)];
        SaleChange[] free = [new SaleChange.Pause(), new SaleChange.Close()];

        Assert.All(bounded, change => Assert.Equal(SaleChangeOutcome.TooMany, Outcome(change, 7)));
        Assert.All(bounded.Concat(free), change => Assert.Equal(SaleChangeOutcome.Done, Outcome(change, 8)));
        Assert.All(free, change => Assert.Equal(SaleChangeOutcome.Done, Outcome(change, 7)));
        Assert.Equal(SaleChangeOutcome.Stands, Outcome(new SaleChange.Replenish(1, "r"), 7, replenished: 1));

        SaleChangeOutcome Outcome(SaleChange change, long last, int? replenished = null) =>
            SaleRule.Decide(sale, change with { LastRevision = last }, replenished, Samples.Noon).Outcome;
    }
}
