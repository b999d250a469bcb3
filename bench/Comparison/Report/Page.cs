using System.Globalization;

namespace Doorbuster.Comparison.Report;

/// <summary>The page that says what was measured, how, and where.</summary>
internal static class Page
{
    /// <summary>The whole page.</summary>
    /// <param name="plan">What all were put through.</param>
    /// <param name="where">Machine, commit and date.</param>
    /// <param name="results">What they came to.</param>
    /// <param name="agreement">Whether the run before came to the same places; empty where there was none.</param>
    public static string Write(
        ComparisonPlan plan, string where, IReadOnlyList<Result> results, string agreement) => string.Join(
        "\n\n",
        [
            Opening,
            where,
            "![Confirmed orders a second, and what went wrong, as bars](images/comparison.svg)",
            Block.Of(plan, results),
            Lines([Ranking.Meaning, .. agreement == "" ? (string[])[] : [agreement]]),
            Contenders,
            Lines(["| short name | is |", "|---|---|",
                .. results.Select(one => $"| {one.Contender.Name} | {one.Contender.Title} |")]),
            "## What was asked",
            Lines(Table.Ratios(Ratio.Of(results))),
            Law(results),
            "## At most",
            Flood(plan),
            Lines(Table.Capacity(results)),
            "## A sale",
            Crowd(plan),
            Lines(Table.Sale(results, one => one.Calm)),
            "## The same sale, every program of the contender killed halfway",
            Kill,
            Lines(Table.Sale(results, one => one.Killed)),
            "## The same sale, Redis killed halfway and back from an older snapshot",
            SetBack,
            Lines(Table.Sale(results, one => one.SetBack)),
            "When which way is the right one: [concepts/which-gate.md](concepts/which-gate.md).\n",
        ]);

    private const string Opening =
        """
        # Ways to sell, side by side

        Written by `bash eng/compare.sh`: one run, the contenders one after another on the same machine, each
        over servers, databases and queues that were new. Ratios count; seconds and milliseconds are this
        machine's.
        """;

    private const string Contenders =
        """
        The first four are the ways of the tutorials, in `bench/Baselines`: small ASP.NET Core servers over the
        same PostgreSQL, Redis and RabbitMQ, one request at a time, with a pool of connections, prepared
        statements and confirmed messages. All check the same purchase tokens, and all commit to disk
        (`synchronous_commit=on`; SQLite with `synchronous=FULL`). Each is one server, the Redis topology two: the
        optimistic gate meets no other node here, whereas the version column meets its own 32 connections.
        """;

    private const string Kill =
        """
        Once half of the units were promised, all of its programs are ended by SIGKILL at once and started again,
        with nothing warm. The servers behind them stay.
        """;

    private const string SetBack =
        """
        Redis writes a snapshot once a quarter of the units was promised. At half it is ended by SIGKILL and
        started again, with what the snapshot has. Only those that use Redis are here.
        """;

    private const string Exact =
        """
        Doorbuster sold exactly what there was in every sale here, kills included: nothing oversold, nothing
        undersold, nobody above the limit, nobody told yes in vain. Whatever the others did is shown as it was
        seen.
        """;

    private static string Law(IReadOnlyList<Result> results)
    {
        var broken =
            from one in results
            where one.Contender.IsOurs
            from sale in one.Sales
            where !sale.Outcome.IsExact
            select $"- **{one.Contender.Title}, {sale.Name}: not exact**";
        return broken.Any() ? Lines(broken) : Exact;
    }

    private static string Flood(ComparisonPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        In a flood there are more arrivals than anyone can take, 256 of them under way at any moment: who is answered
        makes room for the next, each a new buyer (`wrk`, two threads). Claims are those told yes (201 or 202) while
        stock lasts, the median of {plan.Rounds} floods of {plan.Round.TotalSeconds:0} s, each begun when what the one
        before left in a queue was worked off. Refusals are those of a sale whose only unit is gone, in a flood of
        {plan.Flood.TotalSeconds:0} s. Confirmed are orders that were committed, from the first commit to the last by
        PostgreSQL's own note of it (`track_commit_timestamp`), those that a queue brings after the flood among them,
        for {plan.Window.TotalSeconds:0} s in all; the median of the same floods. SQLite's are the orders in its file,
        over the flood. Everyone was warmed up before, by a flood of its own and by the sale below.
        """);

    private static string Crowd(ComparisonPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        An open-loop crowd: {plan}, due at times that are fixed in
        advance, however slow the answers. One buyer in ten clicks twice at once, under two idempotency keys. Who
        gets no answer, or a 503, comes again under the same key, after a second or what was asked, eight times
        at most. Then one buyer after the other comes, until every unit has its order or
        {plan.Patience.TotalSeconds:0} s are over: what is undersold then, was lost. p50 and p99 run from the time at
        which a click was due to the order: a 201, or, where the answer was 202, the commit in PostgreSQL. Told
        yes in vain is who was told 201 or 202 and has no order in the store, nor anything in it that says why.
        """);

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
