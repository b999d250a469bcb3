using System.Collections.Concurrent;
using Doorbuster.Admission;

namespace Doorbuster.Chaos;

/// <summary>Sends claims with purchase tokens made here, so that no call for one meets a fault.</summary>
internal static class Claims
{
    private static readonly PurchaseTokens Mint = new([Keys.PurchaseTokens], TimeProvider.System);
    private static readonly ConcurrentDictionary<(string Sale, string Buyer), string> Tokens = new();

    public static Task<Answer> SendAsync(Api api, Attempt attempt) => api.PostAsync(
        $"/v1/sales/{attempt.Sale}/orders",
        token: null,
        $$"""{"quantity":{{attempt.Quantity}}}""",
        ("Purchase-Token", TokenOf(attempt)), ("Idempotency-Key", attempt.Key));

    private static string TokenOf(Attempt attempt) => Tokens.GetOrAdd(
        (attempt.Sale, attempt.Buyer),
        of => Mint.Issue(SaleId.Parse(of.Sale), BuyerId.Parse(of.Buyer)).Token);
}
