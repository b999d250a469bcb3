using System.Collections.Concurrent;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>Someone who buys, with a token for each sale.</summary>
internal sealed class Buyer(Api api, string id)
{
    private readonly ConcurrentDictionary<string, Task<string>> _tokens = new();

    public string Id => id;

    /// <summary>The token that says who this is.</summary>
    public string Jwt { get; } = Infrastructure.Jwt.ForBuyer(id);

    /// <summary>The purchase token for a sale; it is taken once.</summary>
    public Task<string> TokenAsync(string sale) => _tokens.GetOrAdd(sale, TakeAsync);

    /// <summary>Claims units of a sale with this buyer's purchase token.</summary>
    public Task<Answer> ClaimAsync(string sale, string? key = null, int quantity = 1) =>
        ClaimAsync(sale, key, quantity, wait: null);

    /// <summary>Claims units, and would wait so many seconds for the order to stand.</summary>
    public async Task<Answer> ClaimAsync(string sale, string? key, int quantity, int? wait)
    {
        List<(string, string)> headers = [("Purchase-Token", await TokenAsync(sale))];
        if (key is not null)
        {
            headers.Add(("Idempotency-Key", key));
        }

        if (wait is { } seconds)
        {
            headers.Add(("Prefer", $"wait={seconds}"));
        }

        return await api.PostAsync(
            $"/v1/sales/{sale}/orders", token: null, $$"""{"quantity":{{quantity}}}""", [.. headers]);
    }

    /// <summary>Reads an order as this buyer.</summary>
    public Task<Answer> ReadAsync(string order) => api.GetAsync($"/v1/orders/{order}", Jwt);

    /// <summary>Gives an order up.</summary>
    public Task<Answer> CancelAsync(string order) => api.PostAsync($"/v1/orders/{order}/cancel", Jwt);

    /// <summary>Begins to pay an order.</summary>
    public Task<Answer> PayAsync(string order) => api.PostAsync($"/v1/orders/{order}/payments", Jwt, "{}");

    /// <summary>Claims a unit, and says which order that made.</summary>
    public async Task<string> OrderAsync(string sale) => (await ClaimAsync(sale)).Is(201).Text("id");

    /// <summary>Waits until an order is as it should be.</summary>
    public Task<Answer> UntilAsync(string order, string what, Func<Answer, bool> isSo) =>
        Answers.UntilAsync(what, () => ReadAsync(order), isSo);

    /// <summary>Waits until an order has this status.</summary>
    public Task<Answer> UntilStatusAsync(string order, string status) =>
        UntilAsync(order, $"the order was {status}", answer => answer.Text("status") == status);

    /// <summary>Waits until the payment that an order shows has this status.</summary>
    public Task<Answer> UntilPaymentAsync(string order, string status) => UntilAsync(
        order, $"the payment was {status}", answer => answer.Json.TryGetProperty("payment", out var payment)
            && payment.GetProperty("status").GetString() == status);

    /// <summary>This buyer's orders of a sale.</summary>
    public Task<Answer> OrdersAsync(string sale) => api.GetAsync($"/v1/orders?saleId={sale}", Jwt);

    private async Task<string> TakeAsync(string sale) =>
        (await api.PostAsync($"/v1/sales/{sale}/purchase-tokens", Jwt)).Is(201).Text("token");
}
