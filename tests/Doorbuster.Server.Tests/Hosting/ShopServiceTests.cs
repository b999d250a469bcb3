using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Server.Tests.Hosting;

/// <summary>How the engine starts, drains and ends with its host, with a clock that the tests turn.</summary>
public sealed class ShopServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_doors_open_after_the_gates_and_once_the_server_listens()
    {
        await using var host = new ShopHost();
        await host.Store.CreateAsync(host.Sale, Cancel);

        await host.Service.StartAsync(Cancel);
        Assert.NotEmpty(host.Premises.NotReady);
        Assert.Null(host.Premises.Shop);

        await host.Service.StartedAsync(Cancel);
        Assert.Empty(host.Premises.NotReady);
        Assert.Equal(1, host.Premises.Shop!.Catalog.Count);
        Assert.Equal(Outcome.Admitted, (await host.ClaimAsync("anna")).Outcome);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task F16_what_is_away_behind_the_server_is_named_within_a_second_and_no_longer_once_it_is_back()
    {
        await using var host = new ShopHost { Faults = [] };
        await host.StartAsync();
        Assert.Empty(host.Premises.NotReady);

        host.Faults = ["PostgreSQL is away.", "RabbitMQ is away."];
        await TurnAsync(host);
        Assert.Equal(host.Faults, host.Premises.NotReady);

        // Whoever comes is served all the same.
        Assert.Equal(Outcome.Admitted, (await host.ClaimAsync("anna")).Outcome);
        host.Faults = [];
        await TurnAsync(host);
        Assert.Empty(host.Premises.NotReady);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task F16_a_server_whose_surroundings_are_away_at_start_is_ready_once_they_are_there()
    {
        await using var host = new ShopHost { Faults = ["Redis is away."] };
        await host.StartAsync();
        Assert.Equal(["Redis is away.", "Not every gate is open yet."], host.Premises.NotReady);

        host.Faults = [];
        await TurnAsync(host);
        Assert.Empty(host.Premises.NotReady);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task F18_a_node_whose_store_another_process_owns_turns_everyone_away_and_stops()
    {
        await using var host = new ShopHost();
        await host.StartAsync();

        host.Lost.SetResult();
        await host.StopAsked;

        Assert.Contains("owner", Assert.Single(host.Premises.NotReady), StringComparison.Ordinal);
        Assert.Contains("StoreTaken", host.Logged);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_start_that_goes_no_further_closes_what_it_had_opened()
    {
        var host = new ShopHost();
        await host.Service.StartAsync(Cancel);

        await host.DisposeAsync();

        Assert.Equal(1, host.Closings);
        Assert.False(host.StopAsked.IsCompleted);
    }

    [Fact]
    public async Task A_claim_that_waits_is_answered_before_the_store_is_closed_once()
    {
        await using var host = new ShopHost();
        await host.StartAsync();
        var hold = host.Ledger.Hold();
        var atTheStore = host.ClaimAsync("anna");
        await hold.Arrived;
        var inTheLane = host.ClaimAsync("bert");

        await host.Service.StoppingAsync(Cancel);
        Assert.Contains("stopping", string.Join(" ", host.Premises.NotReady), StringComparison.Ordinal);
        var asItDrains = host.ClaimAsync("carl");
        var stopped = host.Service.StoppedAsync(Cancel);
        Assert.False(stopped.IsCompleted || atTheStore.IsCompleted);
        hold.Release();
        await stopped;

        foreach (var claim in (Task<ClaimAnswer>[])[atTheStore, inTheLane, asItDrains])
        {
            Assert.Equal(Outcome.Admitted, (await claim).Outcome);
        }

        Assert.Equal(1, host.Closings);
        Assert.Null(host.Premises.Shop);
        Assert.Equal(3, host.Store.Contents(host.Sale.Id).Orders.Count);
    }

    [Fact]
    public async Task A_lane_that_stops_by_a_fault_stops_the_host_and_the_host_learns_why()
    {
        await using var host = new ShopHost();
        await host.StartAsync();
        host.Ledger.BeforeCommit = _ => throw new InvalidDataException("a broken invariant");

        var claim = await host.ClaimAsync("anna");
        await host.StopAsked;

        Assert.Null(claim.Outcome);
        Assert.Contains("fault", string.Join(" ", host.Premises.NotReady), StringComparison.Ordinal);
        Assert.Contains("LaneFault", host.Logged);
        var end = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StopAsync(Cancel));
        Assert.IsType<InvalidDataException>(end.InnerException);
        Assert.Equal(1, host.Closings);
    }

    [Fact]
    public async Task A_lane_that_hangs_is_left_behind_when_the_hosts_time_is_over()
    {
        await using var host = new ShopHost();
        await host.StartAsync();
        var hold = host.Ledger.Hold();
        var claim = host.ClaimAsync("anna");
        await hold.Arrived;
        using var timeIsOver = new CancellationTokenSource();
        var stopped = host.StopAsync(timeIsOver.Token);
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(stopped.IsCompleted);

        await timeIsOver.CancelAsync();
        await host.TurnUntilAsync(stopped);

        await Assert.ThrowsAsync<InvalidOperationException>(() => stopped);
        Assert.Contains("LaneHangs", host.Logged);
        Assert.Equal(0, host.Closings);

        // Nobody is told what is not known; should the store wake up, the order stands.
        hold.Release();
        Assert.True((await claim).Outcome is null or Outcome.Admitted);
    }

    [Fact]
    public async Task Callers_of_a_lane_that_hangs_are_answered_before_the_hosts_time_is_over()
    {
        await using var host = new ShopHost();
        await host.StartAsync();
        var hold = host.Ledger.Hold();
        var atTheStore = host.ClaimAsync("anna");
        await hold.Arrived;
        var inTheLane = host.ClaimAsync("bert");

        await host.Service.StoppingAsync(Cancel);
        host.Clock.Advance(TimeSpan.FromSeconds(27));
        Assert.False(atTheStore.IsCompleted || inTheLane.IsCompleted);
        await host.TurnUntilAsync(Task.WhenAll(atTheStore, inTheLane));

        Assert.True(host.Clock.GetUtcNow() < Samples.Noon.AddSeconds(30));
        Assert.Null((await atTheStore).Outcome);
        Assert.Equal(Outcome.Busy, (await inTheLane).Outcome);
        Assert.Equal(Outcome.Busy, (await host.ClaimAsync("carl")).Outcome);
        Assert.Contains("GivingUp", host.Logged);

        // Should the store wake up after all, the order stands, and nobody is told twice.
        hold.Release();
        await host.Service.StoppedAsync(Cancel);
        Assert.Single(host.Store.Contents(host.Sale.Id).Orders);
    }

    /// <summary>Turns the clock until the surroundings were looked at once more.</summary>
    private static async Task TurnAsync(ShopHost host)
    {
        var before = host.Looks;
        while (host.Looks < before + 2)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_store_that_does_not_close_holds_nobody_up()
    {
        await using var host = new ShopHost { MayClose = new TaskCompletionSource().Task };
        await host.StartAsync();
        using var timeIsOver = new CancellationTokenSource();
        var stopped = host.StopAsync(timeIsOver.Token);
        await host.CloseBegan;
        Assert.False(stopped.IsCompleted);

        await timeIsOver.CancelAsync();
        await host.TurnUntilAsync(stopped);

        await Assert.ThrowsAsync<InvalidOperationException>(() => stopped);
        Assert.Contains("StoreHangs", host.Logged);
    }
}
