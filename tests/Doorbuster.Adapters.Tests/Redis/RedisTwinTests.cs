using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>
/// The script is the decision function's twin: whatever happens to a sale, in whatever order, the gate in Redis says
/// and has what the reference, which asks that function, says and has.
/// </summary>
public sealed class RedisTwinTests(RedisProcess redis) : IClassFixture<RedisProcess>
{
    /// <summary>Both tests play in one server, each history with a sale of its own.</summary>
    private static int _scenes;

    [Fact]
    public void The_gate_in_Redis_stays_the_twin_of_the_decision_function()
    {
        var told = new List<Outcome?>();
        Prop.ForAll(
            TwinHistories.Any,
            steps =>
            {
                var difference = Difference(steps, ordersPerBuyerInRedis: 4, told);
                Assert.True(difference is null, difference);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));

        Assert.All(
            Enum.GetValues<Outcome>().Except([Outcome.StaleEpoch]),
            outcome => Assert.InRange(told.Count(t => t == outcome), 10, int.MaxValue));
    }

    [Fact]
    public void A_twin_that_differs_is_seen() =>
        Assert.Contains(
            Gen.Sample(TwinHistories.Any.Generator, 60),
            steps => Difference(steps, ordersPerBuyerInRedis: 3, []) is not null);

    private string? Difference(TwinStep[] steps, int ordersPerBuyerInRedis, List<Outcome?> told)
    {
        var name = $"twin-{Interlocked.Increment(ref _scenes)}";
        var scene = new TwinScene(redis, name, ordersPerBuyer: 4, ordersPerBuyerInRedis);
        var difference = scene.PlayAsync(steps).GetAwaiter().GetResult();
        told.AddRange(scene.Told);
        return difference;
    }
}
