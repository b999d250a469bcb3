using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Doorbuster.Benchmarks;

/// <summary>One of the baselines as a process of its own, and a client for it.</summary>
internal sealed class BaselineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private BaselineProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Address { get; }

    /// <summary>Starts a baseline and waits until it is ready.</summary>
    /// <param name="way">Which: conditional, version, decrement or increment.</param>
    /// <param name="key">Signs purchase tokens.</param>
    /// <param name="services">What it works on.</param>
    public static async Task<BaselineProcess> StartAsync(string way, byte[] key, Services services)
    {
        var address = new Uri(string.Create(
            CultureInfo.InvariantCulture, $"http://127.0.0.1:{WebProcess.FreePort()}"));
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        foreach (var argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "Doorbuster.Baselines.dll"), way, address.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["BASELINE_KEY"] = Convert.ToBase64String(key);
        start.Environment["BASELINE_POSTGRES"] = services.ConnectionStrings["Postgres"];
        start.Environment["BASELINE_REDIS"] = services.ConnectionStrings["Redis"];
        start.Environment["BASELINE_RABBITMQ"] = services.ConnectionStrings["RabbitMq"];
        var baseline = new BaselineProcess(Process.Start(start)!, address);
        await WebProcess.ReadyAsync(baseline._process, baseline._http);
        return baseline;
    }

    public async Task CreateSaleAsync(SaleId sale, int quantity)
    {
        using var answer = await _http.PostAsJsonAsync("/v1/sales", new { id = sale.ToString(), quantity });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Orders that are in the database, and the seconds from the first to the last.</summary>
    public async Task<(long Orders, double Seconds)> CountAsync(SaleId sale)
    {
        using var shown = JsonDocument.Parse(await _http.GetStringAsync($"/v1/sales/{sale}"));
        var root = shown.RootElement;
        return (root.GetProperty("orders").GetInt64(), root.GetProperty("seconds").GetDouble());
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await WebProcess.EndAsync(_process);
    }
}
