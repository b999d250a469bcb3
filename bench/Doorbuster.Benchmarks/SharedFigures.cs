using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Many nodes: orders committed a second from HTTP to PostgreSQL, while the worker stays less than a second behind, as
/// ratios to the endpoint that does nothing, to the naive way over the same servers, and to each other.
/// </summary>
internal sealed class SharedFigures(BenchOptions options, string work)
{
    /// <summary>Runs before the first that counts: three processes compile their code on two cores.</summary>
    private const int WarmUps = 4;

    /// <summary>One node that answers and one that works, the stream between them.</summary>
    public Task<IReadOnlyList<Figure>> OrdersAsync() => OverAsync("redis-stream", (_, _, orders) => RatioAsync(
        "orders committed a second, HTTP to PostgreSQL over Redis ÷ doing nothing", 0.40,
        orders.MeasureAsync, orders.NothingAsync));

    /// <summary>The same with RabbitMQ between them.</summary>
    public Task<IReadOnlyList<Figure>> OrdersByRabbitAsync() => OverAsync("rabbitmq", (_, _, orders) => RatioAsync(
        "orders committed a second through RabbitMQ ÷ doing nothing", 0.35,
        orders.MeasureAsync, orders.NothingAsync));

    /// <summary>A thousand sales at once over the same nodes.</summary>
    public Task<IReadOnlyList<Figure>> ManySalesAsync() => OverAsync("redis-stream", async (services, nodes, one) =>
    {
        var many = await PaceAsync(services, nodes, sales: 1_000);
        return await RatioAsync(
            "1,000 sales at once ÷ one sale, over Redis", 0.85, many.MeasureAsync, one.MeasureAsync);
    });

    /// <summary>How soon a buyer is told over a WebSocket, at half of the rate at which orders are committed.</summary>
    public Task<IReadOnlyList<Figure>> PushAsync() => OverAsync("redis-stream", async (_, nodes, orders) =>
    {
        var (p99s, detail) = (new List<double>(), "");
        for (var run = -1; run < options.Runs; run++)
        {
            var rate = (int)(await orders.MeasureAsync() / 2);
            var push = new PushFigure(nodes.Apis[0]);
            var p99 = await push.P99Async($"pushed-{run + 1}", rate, options.Seconds);
            detail = string.Create(CultureInfo.InvariantCulture, $"{rate:#,0} claims/s in the last run");
            await Console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"  {p99:0} ms at {detail}"));

            // The first is the client's own, whose code is not compiled yet.
            if (run >= 0)
            {
                p99s.Add(p99);
            }
        }

        return Figure.Under(
            "p99 from claim to order pushed over WebSocket, at half that rate", 250, "ms", p99s, detail);
    });

    /// <summary>
    /// Against one DECR, one persistent confirmed message and one consumer's transaction each, over the same servers.
    /// </summary>
    public Task<IReadOnlyList<Figure>> NaiveAsync() => OverAsync("redis-stream", async (services, _, orders) =>
    {
        var key = ServerProcess.NewKey();
        await using var naive = await BaselineProcess.StartAsync("decrement", key, services);
        var baseline = new BaselineFigures(options, work);
        await baseline.OrdersPerSecondAsync(naive, key);
        return await RatioAsync(
            "orders committed a second over Redis ÷ the naive way of the same parts", 10,
            orders.MeasureAsync, () => baseline.OrdersPerSecondAsync(naive, key));
    });

    /// <summary>Two nodes that answer, on the same cores as one.</summary>
    public Task<IReadOnlyList<Figure>> TwoNodesAsync() => OverAsync("redis-stream", async (services, _, one) =>
    {
        await using var both = await SharedNodes.StartAsync(work, services, "redis-stream", apis: 2);
        var two = await PaceAsync(services, both, sales: 1);
        return await RatioAsync(
            "two nodes that answer ÷ one, on the same two cores", 0.90, two.MeasureAsync, one.MeasureAsync);
    });

    /// <summary>Measures one figure over servers and nodes of its own, with a crowd that has found its pace.</summary>
    private async Task<IReadOnlyList<Figure>> OverAsync(
        string queue, Func<Services, SharedNodes, PacedOrders, Task<Figure>> measure)
    {
        await using var services = await Services.StartAsync();
        await using var nodes = await SharedNodes.StartAsync(work, services, queue);
        return [await measure(services, nodes, await PaceAsync(services, nodes, sales: 1))];
    }

    /// <summary>A crowd that has found its pace on warm nodes.</summary>
    private async Task<PacedOrders> PaceAsync(Services services, SharedNodes nodes, int sales)
    {
        var orders = new PacedOrders(options, work, services, nodes, sales);
        await orders.WarmUpAsync(sales > 1 ? 1 : WarmUps);
        await orders.MeasureAsync();
        return orders;
    }

    private Task<Figure> RatioAsync(string name, double bound, Func<Task<double>> a, Func<Task<double>> b) =>
        new ThroughputFigures(options, work).RatioAsync(name, bound, a, b);
}
