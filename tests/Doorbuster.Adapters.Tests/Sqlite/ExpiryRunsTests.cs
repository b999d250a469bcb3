using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>Which rows are due when, whatever runs they were kept in.</summary>
public sealed class ExpiryRunsTests
{
    [Theory]
    [InlineData("1@10/5 2@10/5 3@10/5", 9, "")]
    [InlineData("1@10/5 2@10/5 3@10/5", 10, "1 2 3")]
    [InlineData("1@10/5 2@12/5 3@12/5", 11, "1")]
    [InlineData("1@10/5 2@10/7 3@10/5", 10, "1 2 3")]
    [InlineData("1@10/5 3@10/5 4@12/5", 10, "1 3")]
    [InlineData("1@30/25 2@10/5 3@30/25", 12, "2")]
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
        Add(runs, "1@10/5");
        Assert.Equal("1", Due(runs, 10));
        Add(runs, "2@10/5");
        Add(runs, "3@11/5");

        Assert.Equal("1 2", Due(runs, 10));
        runs.Forget(new HashSet<long> { 1, 2 });

        Assert.Equal("", Due(runs, 10));
        Assert.Equal("3", Due(runs, 11));
    }

    /// <summary>A row, when it ends, and how long it was reserved: <c>1@10/5</c>.</summary>
    private static void Add(ExpiryRuns runs, string text)
    {
        var parts = text.Split('@', '/').Select(long.Parse).ToArray();
        runs.Add(parts[0], parts[1] - parts[2], parts[1]);
    }

    private static string Due(ExpiryRuns runs, int nowMs) =>
        string.Join(' ', runs.Due(DateTimeOffset.FromUnixTimeMilliseconds(nowMs), 10).Order());
}
