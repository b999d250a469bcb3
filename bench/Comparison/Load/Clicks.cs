using System.Diagnostics;
using System.Globalization;
using System.Text;
using Doorbuster.Admission;
using Doorbuster.Cli.Http;
using Doorbuster.Cli.Load;
using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison.Load;

/// <summary>
/// The crowd: clicks that are due at times fixed in advance, however slow the shop. One buyer in ten clicks twice at
/// once, under two idempotency keys, as from two tabs. What a shop was slow to take counts as the buyer's wait, and who
/// got no answer, or a 503, comes again under the same key, eight times at most.
/// </summary>
internal sealed class Clicks
{
    private const int Connections = 256;

    /// <summary>Of so many clicks the last is the second of the buyer before.</summary>
    private const int Group = 11;

    private static readonly TimeSpan LeadOfTheFirst = TimeSpan.FromMilliseconds(50);

    private readonly LoadPlan _plan;
    private readonly string[] _buyers;
    private readonly byte[][] _requests;
    private readonly (long At, int Status)[] _answers;
    private readonly Milestone[] _milestones;
    private int _yes;

    /// <summary>A crowd that has everything it needs, but has not begun.</summary>
    /// <param name="shop">Where it goes.</param>
    /// <param name="sale">What it comes for.</param>
    /// <param name="count">Clicks.</param>
    /// <param name="perSecond">Clicks a second.</param>
    /// <param name="milestones">What is to happen while it buys.</param>
    public Clicks(IShop shop, SaleId sale, int count, int perSecond, params Milestone[] milestones)
    {
        _plan = new LoadPlan(shop.Address, sale.ToString(), count, perSecond, Connections);
        _milestones = milestones;
        _answers = new (long, int)[count];
        _buyers = [.. Enumerable.Range(0, count).Select(NameOf)];
        var tokens = new PurchaseTokens([shop.Key], TimeProvider.System);
        _requests = [.. Enumerable.Range(0, count).Select(click => Spell(tokens, sale, click))];
    }

    /// <summary>Lets them all come, and returns once each has its answer and every milestone was done.</summary>
    public async Task<IReadOnlyList<Click>> RunAsync()
    {
        using var connections =
            await Cli.Load.Connections.OpenAsync(_plan.Server, Connections, CancellationToken.None);
        var crowd = new Crowd(_plan, () => click => _requests[click], connections, new LoadProgress(), Note);
        var (startAt, clock) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        var first = startAt + (long)(LeadOfTheFirst.TotalSeconds * Stopwatch.Frequency);
        await crowd.ClaimAsync(first, CancellationToken.None);
        await Task.WhenAll(_milestones.Where(one => one.IsReached).Select(one => one.Happened));
        var between = TimeSpan.FromSeconds(1 / _plan.RatePerSecond!.Value);
        return
        [
            .. _answers.Select((answer, i) => new Click(
                _buyers[i],
                clock + LeadOfTheFirst + (between * i),
                clock + Stopwatch.GetElapsedTime(startAt, answer.At),
                answer.Status)),
        ];
    }

    private string NameOf(int click) => string.Create(
        CultureInfo.InvariantCulture, $"{_plan.RunId}-{(click % Group == Group - 1 ? click - 1 : click)}");

    private byte[] Spell(PurchaseTokens tokens, SaleId sale, int click)
    {
        var token = tokens.Issue(sale, BuyerId.Parse(_buyers[click])).Token;
        return Encoding.ASCII.GetBytes(
            $"POST {RequestBytes.Head(_plan.Server, $"/v1/sales/{sale}/orders")}Content-Type: application/json\r\n"
            + $"Content-Length: 14\r\nIdempotency-Key: click-{click}\r\nPurchase-Token: {token}\r\n\r\n"
            + """{"quantity":1}""");
    }

    private void Note(int click, HttpAnswer answer)
    {
        _answers[click] = (Stopwatch.GetTimestamp(), answer.Status);
        if (answer.IsSuccess)
        {
            var yes = Interlocked.Increment(ref _yes);
            foreach (var milestone in _milestones)
            {
                milestone.Reach(yes);
            }
        }
    }
}
