using Doorbuster.EndToEnd.Tests.Infrastructure;
using RabbitMQ.Client;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>A node that is API and worker, with RabbitMQ between the claim log and the orders.</summary>
public sealed class RabbitNodesTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncLifetime
{
    private readonly LoopbackRabbit _rabbit = new();

    public ValueTask InitializeAsync() => _rabbit.InitializeAsync();

    public ValueTask DisposeAsync() => _rabbit.DisposeAsync();

    [Fact]
    public async Task F06_with_RabbitMQ_killed_sales_go_on_and_what_its_queue_loses_is_sent_again()
    {
        var node = await cluster.StartAsync(cluster.Plan(
            ("Doorbuster:Queue", "rabbitmq"),
            ("Doorbuster:Workers:TakeOverAfter", "00:00:05"),
            ("ConnectionStrings:RabbitMq", _rabbit.Address.ToString())));
        var sale = await cluster.NewSaleAsync(node, new Terms(100));
        (await node.Buyer("first").ClaimAsync(sale, "k", 1, wait: 10)).Is(201);

        // What RabbitMQ 3.10 knows of a new queue is on disk after an orderly stop.
        await _rabbit.RestartAsync();
        await SellAsync(node, sale, "before");
        await _rabbit.KillAsync();
        var waiting = await SellAsync(node, sale, "meanwhile");
        await node.Buyer(waiting[0].Buyer).UntilStatusAsync(waiting[0].Order, "queued");
        await Answers.UntilAsync(
            "the node said that RabbitMQ is away", () => node.Api.GetAsync("/health/ready"),
            answer => answer.Status == 503 && answer.Body.Contains("RabbitMQ cannot be reached"));
        await _rabbit.StartAsync();
        var late = await SellAsync(node, sale, "after");
        await ReservedAsync(node, [.. waiting, .. late]);
        await node.ReadyAsync();

        for (var i = 0; i < 3; i++)
        {
            waiting.AddRange(await SellAsync(node, sale, $"queue-{i}"));
            await DeleteQueueAsync();
        }

        await ReservedAsync(node, waiting);
        var audit = await Audit.OfAsync(node.Api, sale);
        Assert.Equal((100 - 61, 61), (audit.Available, audit.Reserved));
    }

    /// <summary>Ten buyers, each told at once that the order is queued.</summary>
    private static async Task<List<(string Buyer, string Order)>> SellAsync(Server node, string sale, string name)
    {
        var orders = new List<(string, string)>();
        foreach (var buyer in Enumerable.Range(0, 10).Select(i => $"{name}-{i}"))
        {
            orders.Add((buyer, (await node.Buyer(buyer).ClaimAsync(sale, "k")).Is(202).Text("id")));
        }

        return orders;
    }

    private static async Task ReservedAsync(Server node, List<(string Buyer, string Order)> orders)
    {
        foreach (var (buyer, order) in orders)
        {
            await node.Buyer(buyer).UntilStatusAsync(order, "reserved");
        }
    }

    private async Task DeleteQueueAsync()
    {
        var factory = new ConnectionFactory { Uri = _rabbit.Address };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync("doorbuster.claims");
    }
}
