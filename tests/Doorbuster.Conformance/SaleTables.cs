using Xunit;

namespace Doorbuster.Conformance;

/// <summary>What an operator can make of a sale, as scenarios; the rule and every store must tell the same.</summary>
public static class SaleTables
{
    /// <summary>Each scenario under its name.</summary>
    public static TheoryData<string, string> All => new()
    {
        {
            "A sale is paused and goes on; asking twice is asking once",
            """
            quantity 10, opens 12:00
            12:01 resume | stands | r1 open 10
            12:02 pause  | done   | r2 paused 10
            12:02 pause  | stands | r2 paused 10
            12:03 resume | done   | r3 open 10
            12:03 resume | stands | r3 open 10
            """
        },
        {
            "A sale that is paused before it opens opens when it goes on",
            """
            quantity 10, opens 12:00
            11:00 pause  | done | r2 paused 10
            12:01 resume | done | r3 open 10
            12:02 pause  | done | r4 paused 10
            """
        },
        {
            "A sale that goes on before its opening is scheduled again",
            """
            quantity 10, opens 12:00
            11:00 pause  | done | r2 paused 10
            11:01 resume | done | r3 scheduled 10
            """
        },
        {
            "What is closed stays closed",
            """
            quantity 10, opens 12:00
            12:01 close             | done   | r2 closed 10
            12:02 close             | stands | r2 closed 10
            12:03 pause             | closed | r2 closed 10
            12:03 resume            | closed | r2 closed 10
            12:03 add 5 as monday   | closed | r2 closed 10
            12:03 edit r2 title New | closed | r2 closed 10
            12:03 edit r2           | closed | r2 closed 10
            """
        },
        {
            "A sale is closed before it opens, and while it is paused",
            """
            quantity 10, opens 12:00
            11:01 pause  | done   | r2 paused 10
            11:02 close  | done   | r3 closed 10
            12:01 resume | closed | r3 closed 10
            """
        },
        {
            "Closing time closes for good, for operators too",
            """
            quantity 10, opens 12:00, closes 13:00
            12:59:59.999 pause         | done   | r2 paused 10
            12:59:59.999 resume        | done   | r3 open 10
            13:00 pause                | closed | r3 closed 10
            13:00 resume               | closed | r3 closed 10
            13:00 add 5 as monday      | closed | r3 closed 10
            13:00 edit r3 closes 14:00 | closed | r3 closed 10
            13:00 close                | done   | r4 closed 10
            13:01 close                | stands | r4 closed 10
            """
        },
        {
            "Units are added once a request, whatever happens in between",
            """
            quantity 10, opens 12:00
            11:00 add 5 as monday  | done           | r2 scheduled 15
            12:01 add 5 as monday  | stands         | r2 open 15
            12:01 add 6 as monday  | request reused | r2 open 15
            12:02 add 6 as tuesday | done           | r3 open 21
            12:03 pause            | done           | r4 paused 21
            12:03 add 1 as third   | done           | r5 paused 22
            12:04 close            | done           | r6 closed 22
            12:05 add 5 as monday  | stands         | r6 closed 22
            12:05 add 6 as monday  | request reused | r6 closed 22
            12:05 add 1 as fourth  | closed         | r6 closed 22
            """
        },
        {
            "A sale has at most a hundred million units",
            """
            quantity 99999990, opens 12:00
            12:01 add 11 as monday       | too many | r1 open 99999990
            12:01 add 2147483647 as most | too many | r1 open 99999990
            12:01 add 10 as tuesday      | done     | r2 open 100000000
            12:02 add 1 as wednesday     | too many | r2 open 100000000
            """
        },
        {
            "Words, closing time and payment window change at any time",
            """
            quantity 10, opens 12:00
            11:00 edit r1 title New            | done | r2 scheduled 10
            12:01 edit r2 title Newer          | done | r3 open 10
            12:01 edit r3 description Longer   | done | r4 open 10
            12:01 edit r4 picture https://a.b/ | done | r5 open 10
            12:01 edit r5 closes 13:00         | done | r6 open 10
            12:01 edit r6 closes never         | done | r7 open 10
            12:01 edit r7 window 5             | done | r8 open 10
            12:02 pause                        | done | r9 paused 10
            12:02 edit r9 title Paused         | done | r10 paused 10
            12:03 edit r10 closes 12:03        | done | r11 closed 10
            """
        },
        {
            "Price, opening, limit and the need of a token change only before the opening",
            """
            quantity 10, opens 12:00, limit 1
            11:00 edit r1 price 10 EUR   | done          | r2 scheduled 10
            11:00 edit r2 limit 2        | done          | r3 scheduled 10
            11:00 edit r3 token free     | done          | r4 scheduled 10
            11:00 edit r4 opens 12:30    | done          | r5 scheduled 10
            12:29:59.999 edit r5 limit 3 | done          | r6 scheduled 10
            12:30 edit r6 price 11 EUR   | not scheduled | r6 open 10
            12:30 edit r6 limit 4        | not scheduled | r6 open 10
            12:30 edit r6 token needed   | not scheduled | r6 open 10
            12:30 edit r6 opens 12:45    | not scheduled | r6 open 10
            12:31 pause                  | done          | r7 paused 10
            12:31 edit r7 limit 4        | not scheduled | r7 paused 10
            12:32 edit r7 title Still    | done          | r8 paused 10
            """
        },
        {
            "A sale that is paused before its opening still is before its opening",
            """
            quantity 10, opens 12:00
            11:00 pause           | done | r2 paused 10
            11:01 edit r2 limit 2 | done | r3 paused 10
            """
        },
        {
            "An edit stands on the revision it was made from",
            """
            quantity 10, opens 12:00
            11:00 edit r2 title New | revision differs | r1 scheduled 10
            11:00 edit r1 title New | done             | r2 scheduled 10
            11:00 edit r1 title New | revision differs | r2 scheduled 10
            11:01 edit r2 title New | stands           | r2 scheduled 10
            12:01 edit r2           | stands           | r2 open 10
            12:02 close             | done             | r3 closed 10
            12:03 edit r2 title Old | revision differs | r3 closed 10
            """
        },
        {
            "An edit changes neither units nor the state of a sale",
            """
            quantity 10, opens 12:00
            11:00 edit r1 quantity 99 | stands | r1 scheduled 10
            11:00 edit r1 mode paused | stands | r1 scheduled 10
            """
        },
    };
}
