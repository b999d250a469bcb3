using Xunit;

namespace Doorbuster.Conformance;

/// <summary>What becomes of money, as scenarios; the rule and every store must tell the same.</summary>
public static class PaymentTables
{
    /// <summary>Each scenario under its name.</summary>
    public static TheoryData<string, string> All => new()
    {
        {
            "Money in time pays the order, once",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done    | anna reserved r1 (anna/1) | anna/1 created
            12:02 20 EUR for anna by anna/1 | done    | anna paid r2 (anna/1)     | anna/1 captured
            12:02 20 EUR for anna by anna/1 | stands  | anna paid r2 (anna/1)     | anna/1 captured
            12:03 anna cancels              | refused | anna paid r2 (anna/1)     | -
            12:11 anna expires              | refused | anna paid r2 (anna/1)     | -
            12:12 anna/1 went back          | refused | anna paid r2 (anna/1)     | anna/1 captured
            """
        },
        {
            "Money and the end of the window: whichever comes first",
            """
            anna 20 EUR until 12:10
            bert 20 EUR until 12:10
            12:10 20 EUR for anna by anna/1 | done    | anna paid r2 (anna/1)       | anna/1 captured
            12:10 anna expires              | refused | anna paid r2 (anna/1)       | -
            12:10 bert expires              | done    | bert expired r2             | -
            12:10 20 EUR for bert by bert/1 | done    | bert expired r3 t1 (bert/1) | bert/1 captured asks t1
            """
        },
        {
            "A provider may name a payment as it likes, and know of it first",
            """
            anna 20 EUR until 12:10
            12:01 20 EUR for anna by theirs | done   | anna paid r2 (theirs) | theirs captured
            12:01 20 EUR for anna by theirs | stands | anna paid r2 (theirs) | theirs captured
            """
        },
        {
            "A capture after a failure counts, a failure after a capture does not",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done    | anna reserved r1 (anna/1) | anna/1 created
            12:02 anna/1 fails              | done    | anna reserved r1 (anna/1) | anna/1 failed
            12:03 20 EUR for anna by anna/1 | done    | anna paid r2 (anna/1)     | anna/1 captured
            12:04 anna/1 fails              | refused | anna paid r2 (anna/1)     | anna/1 captured
            """
        },
        {
            "A capture of the attempt before the last pays, and one of the last goes back",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done    | anna reserved r1 (anna/1) | anna/1 created
            12:02 anna/1 fails              | done    | anna reserved r1 (anna/1) | anna/1 failed
            12:03 anna wants to pay         | done    | anna reserved r1 (anna/2) | anna/2 created
            12:04 20 EUR for anna by anna/1 | done    | anna paid r2 (anna/1)     | anna/1 captured
            12:05 20 EUR for anna by anna/2 | done    | anna paid r2 (anna/1)     | anna/2 due 20 EUR, already paid
            12:06 anna/2 fails              | refused | anna paid r2 (anna/1)     | anna/2 due 20 EUR, already paid
            12:07 anna/2 went back          | done    | anna paid r2 (anna/1)     | anna/2 refunded
            12:08 anna/2 went back          | stands  | anna paid r2 (anna/1)     | anna/2 refunded
            12:09 20 EUR for anna by anna/2 | stands  | anna paid r2 (anna/1)     | anna/2 refunded
            """
        },
        {
            "A second capture for a paid order goes back, whatever it is called",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done | anna reserved r1 (anna/1) | anna/1 created
            12:02 20 EUR for anna by anna/1 | done | anna paid r2 (anna/1)     | anna/1 captured
            12:03 20 EUR for anna by theirs | done | anna paid r2 (anna/1)     | theirs due 20 EUR, already paid
            12:04 theirs went back          | done | anna paid r2 (anna/1)     | theirs refunded
            """
        },
        {
            "Another amount goes back as it was taken, and the order can still be paid",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done | anna reserved r1 (anna/1) | anna/1 created
            12:02 19 EUR for anna by anna/1 | done | anna reserved r1 (anna/1) | anna/1 due 19 EUR, amount differs
            12:03 anna wants to pay         | done | anna reserved r1 (anna/2) | anna/2 created
            12:04 21 EUR for anna by anna/2 | done | anna reserved r1 (anna/2) | anna/2 due 21 EUR, amount differs
            12:05 anna wants to pay         | done | anna reserved r1 (anna/3) | anna/3 created
            12:06 20 EUR for anna by anna/3 | done | anna paid r2 (anna/3)     | anna/3 captured
            12:07 anna/1 went back          | done | anna paid r2 (anna/3)     | anna/1 refunded
            """
        },
        {
            "Another currency is another amount",
            """
            anna 20 EUR until 12:10
            12:02 20 USD for anna by anna/1 | done    | anna reserved r1 (anna/1) | anna/1 due 20 USD, amount differs
            12:03 anna/1 fails              | refused | anna reserved r1 (anna/1) | anna/1 due 20 USD, amount differs
            """
        },
        {
            "Money for a cancelled order goes back",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done | anna reserved r1 (anna/1)  | anna/1 created
            12:02 anna cancels              | done | anna cancelled r2 (anna/1) | anna/1 created
            12:03 20 EUR for anna by anna/1 | done | anna cancelled r2 (anna/1) | anna/1 due 20 EUR, order cancelled
            12:04 anna/1 went back          | done | anna cancelled r2 (anna/1) | anna/1 refunded
            """
        },
        {
            "Money for an order that nobody knows is recorded, and goes back",
            """
            anna 20 EUR until 12:10
            12:01 20 EUR for nobody by theirs     | done   | - | theirs due 20 EUR, order unknown
            12:01 20 EUR for nobody by theirs     | stands | - | theirs due 20 EUR, order unknown
            12:02 20 EUR for 'no-order' by others | done   | - | others due 20 EUR, order unknown
            12:03 theirs went back                | done   | - | theirs refunded
            """
        },
        {
            "Money under one order's payment for another order goes back, and pays neither",
            """
            anna 20 EUR until 12:10
            bert 20 EUR until 12:10
            12:01 anna wants to pay         | done | anna reserved r1 (anna/1) | anna/1 created
            12:02 20 EUR for bert by anna/1 | done | anna reserved r1 (anna/1) | anna/1 due 20 EUR, order unknown
            12:03 20 EUR for bert by anna/9 | done | -                         | anna/9 due 20 EUR, order unknown
            12:04 20 EUR for bert by bert/1 | done | bert paid r2 (bert/1)     | bert/1 captured
            """
        },
        {
            "Late money asks for the units again, under a turn of its own",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done    | anna reserved r1 (anna/1)   | anna/1 created
            12:10 anna expires              | done    | anna expired r2 (anna/1)    | anna/1 created
            12:11 20 EUR for anna by anna/1 | done    | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:11 20 EUR for anna by anna/1 | stands  | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:12 anna/1 fails              | refused | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:12 anna cancels              | refused | anna expired r3 t1 (anna/1) | -
            12:12 anna wants to pay         | refused | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:13 units for anna/1          | done    | anna paid r4 t1 (anna/1)    | anna/1 captured
            12:13 units for anna/1          | refused | anna paid r4 t1 (anna/1)    | anna/1 captured
            12:14 no units left for anna/1  | stands  | anna paid r4 t1 (anna/1)    | anna/1 captured
            """
        },
        {
            "Late money for which nothing is left goes back, and the order stays expired",
            """
            anna 20 EUR until 12:10
            12:10 anna expires              | done    | anna expired r2             | -
            12:11 20 EUR for anna by anna/1 | done    | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:12 no units left for anna/1  | done    | anna expired r3 t1 (anna/1) | anna/1 due 20 EUR, no units left
            12:12 no units left for anna/1  | stands  | anna expired r3 t1 (anna/1) | anna/1 due 20 EUR, no units left
            12:12 units for anna/1          | refused | anna expired r3 t1 (anna/1) | anna/1 due 20 EUR, no units left
            12:13 anna/1 went back          | done    | anna expired r3 t1 (anna/1) | anna/1 refunded
            """
        },
        {
            "Late money of a buyer who has bought again meanwhile goes back",
            """
            anna 20 EUR until 12:10
            12:10 anna expires              | done | anna expired r2             | -
            12:11 20 EUR for anna by anna/1 | done | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:12 buyer limit for anna/1    | done | anna expired r3 t1 (anna/1) | anna/1 due 20 EUR, buyer limit
            """
        },
        {
            "Late money of another amount goes back at once",
            """
            anna 20 EUR until 12:10
            12:10 anna expires              | done | anna expired r2          | -
            12:11 10 EUR for anna by anna/1 | done | anna expired r2 (anna/1) | anna/1 due 10 EUR, amount differs
            """
        },
        {
            "Of two late payments one gets the units, and the other goes back",
            """
            anna 20 EUR until 12:10
            12:10 anna expires              | done    | anna expired r2             | -
            12:11 20 EUR for anna by anna/1 | done    | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:11 20 EUR for anna by theirs | done    | anna expired r4 t2 (theirs) | theirs captured asks t2
            12:12 units for anna/1          | done    | anna paid r5 t2 (anna/1)    | anna/1 captured
            12:13 units for theirs          | refused | anna paid r5 t2 (anna/1)    | theirs captured asks t2
            12:13 already paid for theirs   | done    | anna paid r5 t2 (anna/1)    | theirs due 20 EUR, already paid
            """
        },
        {
            "Late money comes, finds nothing, and more late money comes after a unit is back",
            """
            anna 20 EUR until 12:10
            12:10 anna expires              | done | anna expired r2             | -
            12:11 20 EUR for anna by anna/1 | done | anna expired r3 t1 (anna/1) | anna/1 captured asks t1
            12:12 no units left for anna/1  | done | anna expired r3 t1 (anna/1) | anna/1 due 20 EUR, no units left
            12:13 20 EUR for anna by anna/2 | done | anna expired r4 t2 (anna/2) | anna/2 captured asks t2
            12:14 units for anna/2          | done | anna paid r5 t2 (anna/2)    | anna/2 captured
            """
        },
        {
            "A refund is reported before it is owed, and is not believed",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay         | done    | anna reserved r1 (anna/1) | anna/1 created
            12:02 anna/1 went back          | refused | anna reserved r1 (anna/1) | anna/1 created
            12:03 20 EUR for anna by anna/1 | done    | anna paid r2 (anna/1)     | anna/1 captured
            """
        },
        {
            "Money under a name of ours that we never gave is kept, and the next payment has another name",
            """
            anna 20 EUR until 12:10
            bert 20 EUR until 12:10
            12:01 20 EUR for bert by anna/1 | done | -                         | anna/1 due 20 EUR, order unknown
            12:02 anna wants to pay         | done | anna reserved r1 (anna/2) | anna/2 created
            12:03 1 EUR for anna by anna/3  | done | anna reserved r1 (anna/2) | anna/3 due 1 EUR, amount differs
            12:04 anna/2 fails              | done | anna reserved r1 (anna/2) | anna/2 failed
            12:05 anna wants to pay         | done | anna reserved r1 (anna/4) | anna/4 created
            12:06 20 EUR for anna by anna/2 | done | anna paid r2 (anna/2)     | anna/2 captured
            """
        },
        {
            "Money under the name of another sale's payment is other money, though the names differ in the sale alone",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay           | done   | anna reserved r1 (anna/1) | anna/1 created
            12:02 20 EUR for anna by x/anna/1 | done   | -                         | x/anna/1 due 20 EUR, order unknown
            12:02 20 EUR for anna by x/anna/1 | stands | -                         | x/anna/1 due 20 EUR, order unknown
            12:03 20 EUR for anna by anna/1   | done   | anna paid r2 (anna/1)     | anna/1 captured
            12:04 x/anna/1 went back          | done   | -                         | x/anna/1 refunded
            """
        },
    };
}
