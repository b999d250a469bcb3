using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>What runs for each claim or order, or every quarter of a second, goes through no whole table.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    /// <summary>Statements of the hot paths.</summary>
    public static TheoryData<string> Hot =>
    [
        OrderRows.SelectByRow, OrderRows.Update, PaymentRows.SelectByOrder, PaymentRows.SelectByForeignId,
        PaymentRows.SelectUnsettled, PaymentRows.Update, SaleRows.SelectByNo, SaleRows.Update, SaleRows.AddUnits,
        OrderRows.SelectRange, OrderRows.UpdateRange, DueOrders.Select,
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Hot))]
    public async Task It_is_a_search_and_no_scan(string sql)
    {
        await (await _folder.OpenAsync()).DisposeAsync();

        var steps = Plan(sql);

        Assert.DoesNotContain(steps, step => step.StartsWith("SCAN", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Hot))]
    public async Task It_is_planned_once_whatever_is_bound(string sql)
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        using var connection = new Connection(_folder.Database, writes: true, cacheKiB: 256);
        using var statement = connection.Prepare(sql);

        for (var value = 1; value <= 5; value++)
        {
            for (var parameter = 1; parameter <= 9; parameter++)
            {
                statement.Bind(parameter, value);
            }

            statement.Run();
        }

        Assert.Equal(0, statement.Replans);
    }

    [Fact]
    public async Task A_scan_would_be_seen()
    {
        await (await _folder.OpenAsync()).DisposeAsync();

        var steps = Plan("SELECT no FROM orders WHERE buyer = 'anna'");

        Assert.Contains(steps, step => step.StartsWith("SCAN", StringComparison.Ordinal));
    }

    private List<string> Plan(string sql)
    {
        using var connection = new Connection(_folder.Database, writes: true, cacheKiB: 256);
        using var plan = connection.Prepare($"EXPLAIN QUERY PLAN {sql}");
        var steps = new List<string>();
        while (plan.Step())
        {
            steps.Add(plan.GetText(3));
        }

        return steps;
    }
}
