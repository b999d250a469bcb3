using Xunit;

namespace Doorbuster.Conformance;

/// <summary>The rules of a sale as scenarios; the decision function and every gate must tell the same.</summary>
public static class ClaimTables
{
    /// <summary>Each scenario under its name.</summary>
    public static TheoryData<string, string> All => new()
    {
        {
            "The last unit is sold, and not one more",
            """
            quantity 2, limit 1, opens 12:00, now 12:01
            buyer key units | outcome
            anna  k1  1     | admitted
            bert  k1  1     | admitted
            carl  k1  1     | sold out
            at 12:02
            dora  k1  1     | sold out
            """
        },
        {
            "A sale of one unit has one buyer",
            """
            quantity 1, limit 1
            anna  k1  1     | admitted
            bert  k1  1     | sold out
            """
        },
        {
            "The same key means the same order, in the same batch and for ever after",
            """
            quantity 1, limit 1, closes 13:00
            anna  k1  1     | admitted
            anna  k1  1     | same order
            bert  k1  1     | sold out
            at 12:59
            anna  k1  1     | same order
            at 13:30
            anna  k1  1     | same order
            anna  k2  1     | closed
            """
        },
        {
            "The same key for another quantity is told so",
            """
            quantity 9, limit 4
            anna  k1  2     | admitted
            anna  k1  1     | key reused
            anna  k1  3     | key reused
            anna  k1  2     | same order
            at 12:05
            anna  k1  1     | key reused
            """
        },
        {
            "A key belongs to its buyer",
            """
            quantity 9, limit 1
            anna  k1  1     | admitted
            bert  k1  1     | admitted
            bert  k1  1     | same order
            """
        },
        {
            "A refusal uses up no key",
            """
            quantity 3, limit 3, opens 12:00, now 11:59
            anna  k1  1     | not open
            at 12:00
            anna  k1  1     | admitted
            bert  k1  3     | too few
            bert  k1  2     | admitted
            """
        },
        {
            "A buyer reaches the limit by one order or by several",
            """
            quantity 99, limit 3
            anna  k1  3     | admitted
            anna  k2  1     | limit
            bert  k1  1     | admitted
            bert  k2  1     | admitted
            bert  k3  2     | limit
            bert  k3  1     | admitted
            bert  k4  1     | limit
            carl  k1  4     | limit
            at 12:02
            bert  k5  1     | limit
            """
        },
        {
            "Two keys of one buyer at once are one order where the limit is one",
            """
            quantity 9, limit 1
            anna  k1  1     | admitted
            anna  k2  1     | limit
            """
        },
        {
            "Who asks for more than is left may ask for less",
            """
            quantity 5, limit 4
            anna  k1  3     | admitted
            bert  k1  3     | too few
            bert  k2  2     | admitted
            carl  k1  1     | sold out
            """
        },
        {
            "A claim too big for what is left takes nothing from those behind it",
            """
            quantity 3, limit 3
            anna  k1  2     | admitted
            bert  k1  2     | too few
            carl  k1  1     | admitted
            dora  k1  2     | sold out
            """
        },
        {
            "A sale opens at its moment and closes at its moment",
            """
            quantity 9, limit 1, opens 12:00, closes 13:00, now 11:59:59.999
            anna  k1  1     | not open
            at 12:00
            anna  k1  1     | admitted
            at 12:59:59.999
            bert  k1  1     | admitted
            at 13:00
            carl  k1  1     | closed
            """
        },
        {
            "A paused sale refuses, whatever is left",
            """
            quantity 9, limit 1, paused
            anna  k1  1     | paused
            """
        },
        {
            "A closed sale refuses, whatever is left",
            """
            quantity 9, limit 1, closed
            anna  k1  1     | closed
            """
        },
        {
            "Of one buyer only so many orders are kept",
            """
            quantity 9, limit 9, orders kept 2
            anna  k1  1     | admitted
            anna  k2  1     | admitted
            anna  k3  1     | limit
            anna  k1  1     | same order
            at 12:05
            anna  k3  1     | limit
            """
        },
    };
}
