using Doorbuster.Claims;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class SharedGateConformance
{
    /// <summary>More than a gate would ask about in one go.</summary>
    private const int Many = 300;

    [Fact]
    public async Task Many_sales_claimed_together_are_told_each_what_it_would_be_told_alone()
    {
        var sales = await OpenManyAsync();
        Sale[] odd = [sales[7], sales[130], sales[299]];
        await ClaimAsync(odd[0], "bert k1 1", "carl k1 1");
        Assert.True(await Gate.FenceAsync(odd[1].Id, epoch: 1, Cancel));
        Assert.NotNull(await Gate.OpenAsync(Snapshot(odd[2], epoch: 2), Cancel));

        var batches = Array.ConvertAll(
            sales, sale => Samples.Batch(sale, ClaimOf(sale, "anna k1 1"), ClaimOf(sale, "anna k2 1")));
        await Gate.ClaimAsync(batches, Cancel);

        Assert.Equal("sold out, sold out", Told(batches[7]));
        Assert.Equal("no gate, no gate", Told(batches[130]));
        Assert.Equal(2, batches[299].View?.Epoch);
        foreach (var (sale, batch) in sales.Zip(batches).Where(one => !odd.Take(2).Contains(one.First)))
        {
            Assert.Equal("admitted, limit", Told(batch));
            Assert.Equal([1, 1], batch.Answers.ToArray().Select(answer => answer.Available));
            var entry = Assert.Single(await LogOfAsync(sale.Id));
            Assert.Equal([ClaimOf(sale, "anna k1 1")], entry.Claims);
        }
    }

    [Fact]
    public async Task F02_many_sales_claimed_together_twice_are_told_the_second_time_what_stands()
    {
        var sales = await OpenManyAsync();
        var batches = Array.ConvertAll(sales, sale => Samples.Batch(sale, ClaimOf(sale, "anna k1 1")));
        await Gate.ClaimAsync(batches, Cancel);

        await Gate.ClaimAsync(batches, Cancel);

        Assert.All(batches, batch => Assert.Equal("same order", Told(batch)));
        await LeavesAsync(sales[0], 1);
        await LeavesAsync(sales[^1], 1);
    }

    [Fact]
    public async Task Many_gates_looked_at_together_are_found_each_as_it_stands()
    {
        var sales = await OpenManyAsync();
        await ClaimAsync(sales[20], "anna k1 1");
        await Gate.FenceAsync(sales[200].Id, epoch: 1, Cancel);
        var missing = SaleId.Parse("missing");

        var looks = await Gate.LookAtAllAsync([missing, .. sales.Select(sale => sale.Id)], Cancel);

        Assert.Equal(new GateLook(GateStanding.Missing, 0), looks[0]);
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal(await Gate.LookAsync(sales[i].Id, Cancel), looks[i + 1]);
        }

        Assert.Equal(GateStanding.Fenced, looks[201]?.Standing);
        Assert.Equal([1, 2], looks.Skip(21).Take(2).Select(look => look?.View?.Available));
        Assert.Empty(await Gate.LookAtAllAsync([], Cancel));
    }

    /// <summary>Opens sales of two units each.</summary>
    private async Task<Sale[]> OpenManyAsync()
    {
        var sales = new List<Sale>();
        for (var i = 0; i < Many; i++)
        {
            sales.Add(await OpenSaleAsync($"drop-{i}", quantity: 2));
        }

        return [.. sales];
    }
}
