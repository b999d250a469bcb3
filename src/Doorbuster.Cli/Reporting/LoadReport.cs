using Doorbuster.Cli.Load;

namespace Doorbuster.Cli.Reporting;

/// <summary>What <c>load --json</c> prints; the figures are explained at <see cref="CrowdFigures"/>.</summary>
/// <param name="Sale">Which sale.</param>
/// <param name="Buyers">How many buyers came, each to claim one unit.</param>
/// <param name="RatePerSecond">Arrivals a second, or null where they came as fast as the connections allowed.</param>
/// <param name="Connections">How many claims could be under way at once.</param>
/// <param name="Orders">Claims that became an order.</param>
/// <param name="Queued">Claims admitted, their order not committed when they were answered.</param>
/// <param name="Refused">Refusals by problem type.</param>
/// <param name="Unanswered">Claims given up without an answer.</param>
/// <param name="Retries">Claims sent again under their key.</param>
/// <param name="TransportErrors">Sendings that got no answer.</param>
/// <param name="ClaimsPerSecond">Claims answered a second.</param>
/// <param name="OrdersPerSecond">Orders a second, until the last of them.</param>
/// <param name="LatencyMs">From a claim's due time to its final answer; see <see cref="Arrivals"/>.</param>
/// <param name="SecondsToSellOut">From the first claim due until the sale was sold out; null if it was not.</param>
internal sealed record LoadReport(
    string Sale,
    int Buyers,
    double? RatePerSecond,
    int Connections,
    int Orders,
    int Queued,
    IReadOnlyDictionary<string, int> Refused,
    int Unanswered,
    int Retries,
    int TransportErrors,
    double ClaimsPerSecond,
    double OrdersPerSecond,
    LatencyFigures LatencyMs,
    double? SecondsToSellOut)
{
    /// <summary>The report of a run.</summary>
    public static LoadReport From(LoadPlan plan, LoadOutcome outcome) => new(
        plan.Sale,
        plan.Buyers,
        plan.RatePerSecond,
        plan.Connections,
        outcome.Figures.Orders,
        outcome.Figures.Queued,
        outcome.Figures.Refused,
        outcome.Figures.Unanswered,
        outcome.Figures.Retries,
        outcome.Figures.TransportErrors,
        Rounded.Rate(outcome.Figures.ClaimsPerSecond),
        Rounded.Rate(outcome.Figures.OrdersPerSecond),
        Rounded.Latency(outcome.Figures.LatencyMs),
        Rounded.Seconds(outcome.SecondsToSellOut));
}
