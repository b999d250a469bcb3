using Doorbuster.Conformance;
using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>Which rows are due when, whatever runs they were kept in.</summary>
public sealed class ExpiryRunsTests
{
    [Theory]
    [InlineData("1@10 2@10 3@10", 9, "")]
    [InlineData("1@10 2@10 3@10", 10, "1 2 3")]
    [InlineData("1@10 2@12 3@12", 11, "1")]
    [InlineData("1@10 3@10 4@12", 10, "1 3")]
    [InlineData("1@30 2@10 3@30", 12, "2")]
    public void Rows_are_due_once_their_time_has_come(string rows, int now, string due)
    {
        var runs = new ExpiryRuns();
        foreach (var row in rows.Split(' '))
        {
            Add(runs, row);
        }

        Assert.Equal(due, Due(runs, now));
        Assert.Equal(due, Due(runs, now));
    }

    [Fact]
    public void A_row_that_follows_one_already_due_is_due_in_its_own_time()
    {
        var runs = new ExpiryRuns();
        Add(runs, "1@10");
        Assert.Equal("1", Due(runs, 10));
        Add(runs, "2@10");
        Add(runs, "3@11");

        Assert.Equal("1 2", Due(runs, 10));
        runs.Forget(new HashSet<long> { 1, 2 });

        Assert.Equal("", Due(runs, 10));
        Assert.Equal("3", Due(runs, 11));
    }

    [Fact]
    public void F14_What_was_reserved_before_the_clock_stepped_back_holds_nothing_up()
    {
        var runs = new ExpiryRuns();
        runs.Add(1, Samples.Noon.AddYears(1));
        runs.Add(2, Samples.Noon.AddMinutes(10));

        Assert.Equal([2L], runs.Due(Samples.Noon.AddMinutes(10), 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_tells_what_a_sorted_list_tells(int seed)
    {
        var random = new Random(seed);
        var runs = new ExpiryRuns();
        var naive = new List<(DateTimeOffset At, long Row)>();
        var now = Samples.Noon;
        var expiresAt = now;
        for (var row = 1L; row < 2_000; row++)
        {
            expiresAt = random.Next(3) == 0 ? now.AddMilliseconds(random.Next(100)) : expiresAt;
            runs.Add(row, expiresAt);
            naive.Add((expiresAt, row));
            now = now.AddMilliseconds(random.Next(-20, 30));
            if (random.Next(4) == 0)
            {
                var limit = random.Next(1, 12);
                var due = runs.Due(now, limit);
                Assert.Equal(due, runs.Due(now, limit));
                Assert.All(due, one => Assert.Contains(naive, entry => entry.Row == one));
                Assert.True(due.Count >= Math.Min(limit, naive.Count(entry => entry.At <= now)));
                naive.RemoveAll(entry => due.Contains(entry.Row));
                runs.Forget(due.ToHashSet());
            }
        }

        Assert.Equal(
            naive.Order().Select(entry => entry.Row), runs.Due(Samples.Noon.AddYears(1), int.MaxValue));
    }

    /// <summary>A row and when it ends: <c>1@10</c>.</summary>
    private static void Add(ExpiryRuns runs, string text)
    {
        var parts = text.Split('@').Select(long.Parse).ToArray();
        runs.Add(parts[0], parts[1]);
    }

    private static string Due(ExpiryRuns runs, int nowMs) =>
        string.Join(' ', runs.Due(DateTimeOffset.FromUnixTimeMilliseconds(nowMs), 10).Order());
}
