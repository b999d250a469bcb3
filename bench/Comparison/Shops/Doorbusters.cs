using System.Net.Http.Json;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.Comparison.Shops;

/// <summary>What all of Doorbuster's topologies share: its executable's settings, and the operator's calls.</summary>
internal static class Doorbusters
{
    /// <summary>A node: <c>doorbuster serve</c> with a data directory of its own.</summary>
    /// <param name="ground">Where its data directory is made.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="roles">What it does: api, worker, or both.</param>
    /// <param name="key">The key that signs its tokens.</param>
    /// <param name="settings">What it is part of.</param>
    public static Crew Node(
        Ground ground,
        Uri address,
        string roles,
        byte[] key,
        params IReadOnlyList<(string Name, string Value)> settings)
    {
        var data = Path.Combine(ground.Folder, $"data-{address.Port}");
        return new Crew(
            address,
            "Doorbuster.Cli.dll",
            ["serve", "--urls", address.ToString(), "--data", data, "--roles", roles],
            [
                ("Doorbuster__Identity__SigningKey", Spell(key)), ("Doorbuster__PurchaseTokens__Keys__0", Spell(key)),
                ("Doorbuster__Payments__WebhookSecrets__0", "whsec_" + Convert.ToBase64String(key)),
                ("Logging__LogLevel__Default", "Warning"), .. settings,
            ]);
    }

    /// <summary>An operator's client.</summary>
    public static HttpClient Operator(Uri address, byte[] key)
    {
        var settings = new DoorbusterOptions { Identity = new() { SigningKey = Spell(key) } };
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization =
            new("Bearer", TokenMinter.For(settings, TimeProvider.System).ForOperator());
        return http;
    }

    /// <summary>Creates a sale that is open, of which every buyer may have one.</summary>
    public static async Task CreateSaleAsync(HttpClient http, SaleId sale, int units)
    {
        using var answer = await http.PostAsJsonAsync("/v1/sales", new
        {
            id = sale.ToString(),
            title = "Comparison",
            quantity = units,
            price = new { amount = 1999, currency = "EUR" },
            opensAt = DateTimeOffset.UtcNow.AddSeconds(-1),
            perBuyerLimit = 1,
        });
        answer.EnsureSuccessStatusCode();
    }

    private static string Spell(byte[] key) => $"base64:{Convert.ToBase64String(key)}";
}
