using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>What every lease does. A lease's tests inherit it and say how time goes by.</summary>
public abstract class LeaseConformance
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract ILease Lease { get; }

    /// <summary>Lets so much time go by at least.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    [Fact]
    public async Task A_lease_is_one_holders_until_it_is_given_back()
    {
        var anna = await TakeAsync("anna", Long);
        Assert.NotNull(anna);
        Assert.Null(await TakeAsync("bert", Long));

        await Lease.ReleaseAsync(anna, Cancel);
        await Lease.ReleaseAsync(anna, Cancel);

        var bert = await TakeAsync("bert", Long);
        Assert.True(bert?.Number > anna.Number);
        Assert.False(await Lease.RenewAsync(anna, Long, Cancel));
    }

    [Fact]
    public async Task A_lease_runs_out_when_its_holder_says_nothing_more()
    {
        var anna = await TakeAsync("anna", Short);
        await PassAsync(Short);

        var bert = await TakeAsync("bert", Long);

        Assert.True(bert?.Number > anna?.Number);
        Assert.False(await Lease.RenewAsync(anna!, Long, Cancel));
        await Lease.ReleaseAsync(anna!, Cancel);
        Assert.Null(await TakeAsync("carl", Long));
        Assert.True(await Lease.RenewAsync(bert!, Long, Cancel));
    }

    [Fact]
    public async Task One_that_ran_out_is_not_renewed_even_where_nobody_took_it()
    {
        var anna = await TakeAsync("anna", Short);
        await PassAsync(Short);

        Assert.False(await Lease.RenewAsync(anna!, Long, Cancel));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_lasts_from_then_on()
    {
        var anna = await TakeAsync("anna", Long);
        Assert.True(await Lease.RenewAsync(anna!, Short, Cancel));
        await PassAsync(Short);

        Assert.NotNull(await TakeAsync("bert", Long));
    }

    [Fact]
    public async Task A_holder_whose_answer_was_lost_takes_its_lease_again()
    {
        var first = await TakeAsync("anna", Long);
        var second = await TakeAsync("anna", Long);

        Assert.True(second?.Number > first?.Number);
        Assert.False(await Lease.RenewAsync(first!, Long, Cancel));
        Assert.True(await Lease.RenewAsync(second!, Long, Cancel));
    }

    [Fact]
    public async Task Of_many_who_want_it_at_once_one_gets_it()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => TakeAsync($"node-{n}", Long)));

        Assert.Single(grants, grant => grant is not null);
        Assert.NotNull(await Lease.TakeAsync("another", "node-0", Long, Cancel));
    }

    private Task<LeaseGrant?> TakeAsync(string holder, TimeSpan life) =>
        Lease.TakeAsync("rebuild drop", holder, life, Cancel).AsTask();
}
