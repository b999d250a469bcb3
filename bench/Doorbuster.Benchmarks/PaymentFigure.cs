using System.Globalization;
using System.Text;
using Doorbuster.Payments;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Payments captured a second, by signed events of a provider, against durable claims a second of the same server.
/// Every event is of another order, which it pays.
/// </summary>
internal sealed class PaymentFigure(ThroughputFigures throughput, BenchOptions options, string work)
{
    private const int Connections = 256;

    /// <summary>More captures a second than any run here reaches, so that no event comes twice.</summary>
    private const int MostPerSecond = 60_000;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var data = Path.Combine(work, "payments");
        var later = DateTimeOffset.UtcNow.AddDays(1);
        var sales = new List<StoredSale>();
        for (var run = 0; run <= options.Runs; run++)
        {
            sales.Add(await StoredSale.ReserveAsync(
                data, $"paid-{run}", options.Seconds * MostPerSecond, _ => later));
        }

        await using var server = await ServerProcess.StartAsync(data, ServerProcess.NewKey());
        await throughput.ReserveAsync(server, sales: 1);
        await CaptureAsync(server, sales[^1]);
        var next = 0;
        return
        [
            await throughput.RatioAsync(
                "payments captured a second ÷ durable claims a second", 0.5,
                () => CaptureAsync(server, sales[next++]),
                () => throughput.ReserveAsync(server, sales: 1)),
        ];
    }

    /// <summary>Captures a second; as many orders are paid as there were answers.</summary>
    private async Task<double> CaptureAsync(ServerProcess server, StoredSale sale)
    {
        var files = Path.Combine(work, "events-");
        Write(files, new WebhookKeys([server.Key]), sale.Orders);
        var run = await Wrk.RunAsync(
            server.Address.ToString(), "events.lua", Connections, TimeSpan.FromSeconds(options.Seconds), files);
        var sold = await server.AuditSoldAsync(sale.Id);
        return run.Refused == 0 && sold >= run.Requests && sold <= run.Requests + Connections
            ? run.PerSecond
            : throw new InvalidOperationException($"{run.Requests} answers, {run.Refused} refused, {sold} paid.");
    }

    private static void Write(string prefix, WebhookKeys keys, IReadOnlyList<Order> orders)
    {
        var now = DateTimeOffset.UtcNow;
        for (var thread = 0; thread < Wrk.Threads; thread++)
        {
            using var file = new StreamWriter($"{prefix}{thread}");
            for (var i = thread; i < orders.Count; i += Wrk.Threads)
            {
                var order = orders[i];
                var id = $"evt-{i}";
                var body = string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""
                    {"type":"payment.captured","timestamp":"{{{now:yyyy-MM-dd'T'HH:mm:ss'Z'}}}",
                    "data":{"paymentId":"{{{PaymentId.Of(order.Id, 1)}}}","orderId":"{{{order.Id}}}",
                    "amount":{"amount":{{{order.Amount.Amount}}},"currency":"{{{order.Amount.Currency}}}"}
                    }}
                    """).Replace("\n", "", StringComparison.Ordinal);
                var seconds = now.ToUnixTimeSeconds();
                file.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{id} {seconds} {keys.Sign(id, now, Encoding.UTF8.GetBytes(body))} {body}\n"));
            }
        }
    }
}
