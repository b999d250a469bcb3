using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.Benchmarks;

/// <summary>The server under test, as a process of its own, and an operator's client for it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly TokenMinter _tokens;

    private ServerProcess(Process process, Uri address, byte[] key, string data)
    {
        _process = process;
        Address = address;
        Key = key;
        KeyDirectory = data;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        var settings = new DoorbusterOptions { Identity = new() { SigningKey = Spell(key) } };
        _tokens = TokenMinter.For(settings, TimeProvider.System);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", _tokens.ForOperator());
    }

    public Uri Address { get; }

    /// <summary>The key that signs purchase tokens and JWTs.</summary>
    public byte[] Key { get; }

    /// <summary>A folder in which <c>doorbuster load</c> finds the key.</summary>
    public string KeyDirectory { get; }

    /// <summary>Memory the process has in RAM, in bytes.</summary>
    public long ResidentBytes =>
        File.ReadLines($"/proc/{_process.Id}/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
            .Select(kib => long.Parse(kib, CultureInfo.InvariantCulture))
            .Single() * 1024;

    /// <summary>Starts a server over a data directory and waits until it is ready.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="settings">Settings of its environment.</param>
    public static async Task<ServerProcess> StartAsync(
        string data, byte[] key, params IReadOnlyList<(string Name, string Value)> settings)
    {
        Directory.CreateDirectory(data);
        var address = new Uri($"http://127.0.0.1:{WebProcess.FreePort()}");
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        foreach (var argument in (string[])
            [typeof(ServerProcess).Assembly.Location, "server", address.ToString(), Path.GetFullPath(data)])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["Doorbuster__Identity__SigningKey"] = Spell(key);
        start.Environment["Doorbuster__PurchaseTokens__Keys__0"] = Spell(key);
        start.Environment["Doorbuster__Payments__WebhookSecrets__0"] = "whsec_" + Convert.ToBase64String(key);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Process.Start(start)!, address, key, data);
        await File.WriteAllTextAsync(Path.Combine(data, "signing-key"), Convert.ToBase64String(key));
        await WebProcess.ReadyAsync(server._process, server._http);
        return server;
    }

    /// <summary>A key as the settings have it.</summary>
    private static string Spell(byte[] key) => $"base64:{Convert.ToBase64String(key)}";

    /// <summary>The token that says who a buyer is.</summary>
    public string TokenOf(BuyerId buyer) => _tokens.ForBuyer(buyer);

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(32);

    /// <summary>Creates a sale that is open; every buyer may have so many.</summary>
    public async Task<SaleId> CreateSaleAsync(string id, int quantity, int perBuyerLimit = 1)
    {
        var sale = new
        {
            id,
            title = "Benchmark",
            quantity,
            price = new { amount = 1999, currency = "EUR" },
            opensAt = DateTimeOffset.UtcNow.AddSeconds(-1),
            perBuyerLimit,
        };
        using var answer = await _http.PostAsJsonAsync("/v1/sales", sale);
        answer.EnsureSuccessStatusCode();
        return SaleId.Parse(id);
    }

    /// <summary>Units left in a sale.</summary>
    public async Task<long> AvailableAsync(SaleId sale)
    {
        using var shown = JsonDocument.Parse(await _http.GetStringAsync($"/v1/sales/{sale}"));
        return shown.RootElement.GetProperty("available").GetInt64();
    }

    /// <summary>Units reserved in a sale, by its audit; the law must hold.</summary>
    public Task<long> AuditAsync(SaleId sale) => AuditAsync(sale, "reserved");

    /// <summary>Units sold in a sale, by its audit; the law must hold.</summary>
    public Task<long> AuditSoldAsync(SaleId sale) => AuditAsync(sale, "sold");

    private async Task<long> AuditAsync(SaleId sale, string units)
    {
        using var audit = JsonDocument.Parse(await _http.GetStringAsync($"/v1/sales/{sale}/audit"));
        return audit.RootElement.GetProperty("lawHolds").GetBoolean()
            ? audit.RootElement.GetProperty(units).GetInt64()
            : throw new InvalidOperationException($"The law is broken: {audit.RootElement}");
    }

    /// <summary>The status of a claim with this token.</summary>
    public async Task<HttpStatusCode> ClaimAsync(SaleId sale, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sales/{sale}/orders")
        {
            Content = JsonContent.Create(new { quantity = 1 }),
        };
        request.Headers.Add("Purchase-Token", token);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await WebProcess.EndAsync(_process);
    }
}
