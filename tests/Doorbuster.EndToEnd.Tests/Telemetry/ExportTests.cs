using System.Diagnostics;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Telemetry;

/// <summary>A server that is told of a collector sends it traces, metrics and logs.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Traces = "/v1/traces";
    private const string Metrics = "/v1/metrics";
    private const string Logs = "/v1/logs";

    private readonly DataDirectory _data = new();

    [Fact]
    public async Task Traces_metrics_and_logs_reach_a_collector_by_http()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await Server.StartAsync(Plan(collector.Address));
        var sale = await BuyAsync(server);

        await collector.ForAsync(Traces, Spans.DecideClaims);
        await collector.ForAsync(Traces, Spans.Commit);
        await collector.ForAsync(Traces, "POST /v1/sales/{id}/orders");
        await collector.ForAsync(Metrics, "doorbuster.claims");
        await collector.ForAsync(Metrics, "admitted");
        await collector.ForAsync(Metrics, "doorbuster.lane.depth");
        await collector.ForAsync(Metrics, "doorbuster.commit.duration");
        await collector.ForAsync(Metrics, "doorbuster.sale.law");
        await collector.ForAsync(Metrics, sale);
        await collector.ForAsync(Metrics, "http.server.request.duration");
        await collector.ForAsync(Metrics, "kestrel.active_connections");
        await collector.ForAsync(Logs, $"Sale {sale} is sold out.");
        foreach (var path in (string[])[Traces, Metrics, Logs])
        {
            Assert.Contains("service.name", collector.Of(path), StringComparison.Ordinal);
            Assert.Contains("doorbuster", collector.Of(path), StringComparison.Ordinal);
        }

        // What is left is sent before the process ends, the last words of its log too.
        server.Signal(Child.SigTerm);
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("The order store is closed.", collector.Of(Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traces_metrics_and_logs_reach_a_collector_by_grpc()
    {
        await using var collector = await Collector.StartAsync("grpc");
        await using var server = await Server.StartAsync(Plan(
            collector.Address, "grpc", new() { ["OTEL_SERVICE_NAME"] = "the-shop-of-ours" }));
        var sale = await BuyAsync(server);

        await collector.ForAsync("TraceService/Export", Spans.DecideClaims);
        await collector.ForAsync("MetricsService/Export", "doorbuster.claims");
        await collector.ForAsync("LogsService/Export", $"Sale {sale} is sold out.");
        foreach (var service in (string[])["TraceService/Export", "MetricsService/Export", "LogsService/Export"])
        {
            Assert.Contains("the-shop-of-ours", collector.Of(service), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_that_is_sent_names_a_buyer_or_carries_a_token()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await Server.StartAsync(Plan(collector.Address));
        var sale = await server.CreateSaleAsync(new Terms(2));
        var buyer = server.Buyer("the-buyer-nobody-names");
        var token = await buyer.TokenAsync(sale);
        await using var stream = await LiveStream.OpenAsync(
            server.Api.Address, $"/v1/sales/{sale}/live?purchaseToken={token}");
        await stream.Log.ForAsync("snapshot");
        var order = (await buyer.ClaimAsync(sale)).Is(201).Text("id");
        (await buyer.ReadAsync(order)).Is(200);
        (await server.Api.GetAsync($"/v1/orders?saleId={sale}&buyerId=the-buyer-nobody-names", Jwt.ForOperator()))
            .Is(200);
        await collector.ForAsync(Metrics, "doorbuster.watchers.active");
        await collector.ForAsync(Traces, "/v1/orders");
        server.Signal(Child.SigTerm);
        Assert.Equal(0, await server.ExitAsync());

        var everything = collector.Everything;
        Assert.Contains(Spans.DecideClaims, everything, StringComparison.Ordinal);
        Assert.Contains("/v1/sales/{id}/live", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("the-buyer-nobody-names", everything + server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(token, everything + server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(token[..20], everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sale_that_is_over_is_shown_no_more()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await Server.StartAsync(Plan(collector.Address));
        var open = await server.CreateSaleAsync(new Terms(1) { Id = "stays-open" });
        var over = await server.CreateSaleAsync(new Terms(1) { Id = "is-over-soon" });
        await collector.ForAsync(Metrics, over);
        (await server.Api.PostAsync($"/v1/sales/{over}/close", Jwt.ForOperator())).Is(200);

        await Waiting.UntilAsync("two looks had passed without it", async () =>
        {
            collector.Forget();
            await collector.ForAsync(Metrics, open);
            collector.Forget();
            await collector.ForAsync(Metrics, open);
            return !collector.Of(Metrics).Contains(over, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_hangs_or_is_gone_holds_up_neither_a_claim_nor_the_end(bool hangs)
    {
        await using var collector = await Collector.StartAsync(hangs: true);
        var address = hangs ? collector.Address : Loopback.Address(Loopback.NextPort());
        await using var server = await Server.StartAsync(Plan(address));
        if (hangs)
        {
            await Waiting.UntilAsync("the collector was called", () => collector.Requests > 0);
        }

        var sale = await server.CreateSaleAsync(new Terms(100));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            (await server.Buyer($"buyer-{i}").ClaimAsync(sale)).Is(201);
        }

        // Each of them would wait as long as one call to the collector may take, ten seconds, did any of them wait.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        began = Stopwatch.GetTimestamp();
        server.Signal(Child.SigTerm);
        Assert.Equal(0, await server.ExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "must be the address of an OTLP collector")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "not an address", "must be the address of an OTLP collector")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "carrier pigeon", "must be grpc or http/protobuf")]
    public async Task A_start_with_what_is_no_collector_is_refused(string setting, string value, string message)
    {
        var plan = Plan(Loopback.Address(Loopback.NextPort()));
        await using var server = Server.Launch(plan with
        {
            Settings = new Dictionary<string, string>(plan.Settings) { [setting] = value },
        });

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains($"{setting} is '{value}'; it {message}", server.Log, StringComparison.Ordinal);
        Assert.Contains("Change it, or remove it.", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_collector_sends_nothing_and_says_nothing_of_it()
    {
        await using var collector = await Collector.StartAsync();
        var plan = Plan(collector.Address, others: new() { ["OTEL_SDK_DISABLED"] = "true" });
        await using (var disabled = await Server.StartAsync(plan))
        {
            await BuyAsync(disabled);
            disabled.Signal(Child.SigTerm);
            Assert.Equal(0, await disabled.ExitAsync());
            Assert.DoesNotContain("collector", disabled.Log, StringComparison.Ordinal);
        }

        Assert.Equal(0, collector.Requests);
    }

    public void Dispose() => _data.Dispose();

    private ServerPlan Plan(
        Uri collector, string protocol = "http/protobuf", Dictionary<string, string>? others = null) =>
        new(_data.Path)
        {
            Settings = new Dictionary<string, string>(others ?? [])
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString().TrimEnd('/'),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            },
        };

    /// <summary>Buys the only unit of a sale.</summary>
    private static async Task<string> BuyAsync(Server server)
    {
        var sale = await server.CreateSaleAsync(new Terms(1));
        (await server.Buyer("anna").ClaimAsync(sale)).Is(201);
        return sale;
    }
}
