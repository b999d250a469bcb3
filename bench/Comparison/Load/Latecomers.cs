using System.Diagnostics;
using System.Globalization;
using Doorbuster.Admission;
using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison.Load;

/// <summary>
/// Buyers who come one at a time after the crowd, so that a unit which can still be bought is bought: what stays unsold
/// in spite of them was lost.
/// </summary>
internal sealed class Latecomers(IShop shop, SaleId sale)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly PurchaseTokens _tokens = new([shop.Key], TimeProvider.System);
    private readonly List<Click> _clicks = [];

    /// <summary>Lets them come until every unit has an order, or for so long.</summary>
    /// <returns>What they were told.</returns>
    public async Task<IReadOnlyList<Click>> RunAsync(int units, TimeSpan patience)
    {
        using var http = new HttpClient { BaseAddress = shop.Address, Timeout = TimeSpan.FromSeconds(5) };
        var waited = Stopwatch.StartNew();
        while (await CountAsync() < units && waited.Elapsed < patience)
        {
            _clicks.Add(await ClickAsync(http));
            await Task.Delay(Pause);
        }

        return _clicks;
    }

    private async Task<long> CountAsync()
    {
        try
        {
            return await shop.CountAsync(sale);
        }
        catch (HttpRequestException)
        {
            // A server that does not answer has not sold everything, as far as anybody can see.
            return 0;
        }
    }

    private async Task<Click> ClickAsync(HttpClient http)
    {
        var buyer = string.Create(CultureInfo.InvariantCulture, $"late-{_clicks.Count}");
        var dueAt = DateTimeOffset.UtcNow;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sales/{sale}/orders");
            request.Content = new StringContent("""{"quantity":1}""", null, "application/json");
            request.Headers.Add("Purchase-Token", _tokens.Issue(sale, BuyerId.Parse(buyer)).Token);
            request.Headers.Add("Idempotency-Key", buyer);
            using var answer = await http.SendAsync(request);
            return new Click(buyer, dueAt, DateTimeOffset.UtcNow, (int)answer.StatusCode);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return new Click(buyer, dueAt, DateTimeOffset.UtcNow, 0);
        }
    }
}
