using Xunit;

namespace Doorbuster.Conformance;

/// <summary>What becomes of an order, as scenarios; the rule and every store must tell the same.</summary>
public static class OrderTables
{
    /// <summary>Each scenario under its name.</summary>
    public static TheoryData<string, string> All => new()
    {
        {
            "A buyer gives an order up, once",
            """
            anna 20 EUR until 12:10
            12:01 anna cancels      | done    | anna cancelled r2 | -
            12:02 anna cancels      | stands  | anna cancelled r2 | -
            12:11 anna expires      | refused | anna cancelled r2 | -
            12:12 anna wants to pay | refused | anna cancelled r2 | -
            """
        },
        {
            "An order expires at its moment, and not before",
            """
            anna 20 EUR until 12:10
            12:09:59.999 anna expires | refused | anna reserved r1 | -
            12:10        anna expires | done    | anna expired r2  | -
            12:10        anna expires | stands  | anna expired r2  | -
            12:11        anna cancels | refused | anna expired r2  | -
            """
        },
        {
            "An order that was looked at late expires all the same",
            """
            anna 20 EUR until 12:10
            13:45 anna expires | done | anna expired r2 | -
            """
        },
        {
            "A buyer gives up an order that is over and was not looked at yet",
            """
            anna 20 EUR until 12:10
            12:11 anna cancels | done    | anna cancelled r2 | -
            12:11 anna expires | refused | anna cancelled r2 | -
            """
        },
        {
            "A buyer can begin to pay until the window ends, and not from then on",
            """
            anna 20 EUR until 12:10
            bert 20 EUR until 12:10
            12:09:59.999 anna wants to pay | done    | anna reserved r1 (anna/1) | anna/1 created
            12:10        bert wants to pay | refused | bert reserved r1          | -
            12:10        anna wants to pay | refused | anna reserved r1 (anna/1) | anna/1 created
            """
        },
        {
            "An order has one open payment: asking again returns it",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay                 | done   | anna reserved r1 (anna/1) | anna/1 created
            12:02 anna wants to pay                 | stands | anna reserved r1 (anna/1) | anna/1 created
            12:03 anna/1 is paid at https://pay.it/ | done   | anna reserved r1 (anna/1) | anna/1 created
            12:03 anna/1 is paid at https://pay.it/ | stands | anna reserved r1 (anna/1) | anna/1 created
            12:04 anna/1 is paid at https://no.not/ | stands | anna reserved r1 (anna/1) | anna/1 created
            12:05 anna wants to pay                 | stands | anna reserved r1 (anna/1) | anna/1 created
            """
        },
        {
            "An attempt that failed leaves the order reserved, and the next is a payment of its own",
            """
            anna 20 EUR until 12:10
            12:01 anna wants to pay                 | done    | anna reserved r1 (anna/1) | anna/1 created
            12:02 anna/1 fails                      | done    | anna reserved r1 (anna/1) | anna/1 failed
            12:02 anna/1 fails                      | stands  | anna reserved r1 (anna/1) | anna/1 failed
            12:03 anna/1 is paid at https://pay.it/ | refused | anna reserved r1 (anna/1) | anna/1 failed
            12:03 anna wants to pay                 | done    | anna reserved r1 (anna/2) | anna/2 created
            12:04 anna/1 fails                      | stands  | anna reserved r1 (anna/2) | anna/1 failed
            12:05 20 EUR for anna by anna/2         | done    | anna paid r2 (anna/2)     | anna/2 captured
            12:06 anna wants to pay                 | refused | anna paid r2 (anna/2)     | anna/2 captured
            """
        },
        {
            "An order is given up, or expires, while its buyer is paying",
            """
            anna 20 EUR until 12:10
            bert 20 EUR until 12:10
            12:01 anna wants to pay | done | anna reserved r1 (anna/1)  | anna/1 created
            12:01 bert wants to pay | done | bert reserved r1 (bert/1)  | bert/1 created
            12:02 anna cancels      | done | anna cancelled r2 (anna/1) | anna/1 created
            12:10 bert expires      | done | bert expired r2 (bert/1)   | bert/1 created
            12:11 anna/1 fails      | done | anna cancelled r2 (anna/1) | anna/1 failed
            12:11 bert/1 fails      | done | bert expired r2 (bert/1)   | bert/1 failed
            """
        },
        {
            "Nobody knows an order or a payment that is not there",
            """
            anna 20 EUR until 12:10
            12:01 nobody cancels                    | unknown | - | -
            12:01 nobody expires                    | unknown | - | -
            12:01 nobody wants to pay               | unknown | - | -
            12:01 theirs is paid at https://pay.it/ | unknown | - | -
            12:01 theirs fails                      | unknown | - | -
            12:01 theirs went back                  | unknown | - | -
            12:01 no units left for theirs          | unknown | - | -
            """
        },
    };
}
