using System.Text.Json;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>Reads a sale's transitions, each once and in order.</summary>
internal sealed class EventFeed(LoadPlan plan, string operatorToken, HttpConnection connection)
{
    private long _after;

    /// <summary>What has happened since the last look.</summary>
    /// <exception cref="CommandException">The server does not tell, or left one out.</exception>
    public async Task<IReadOnlyList<FeedEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        var events = new List<FeedEvent>();
        for (var hasMore = true; hasMore;)
        {
            var path = $"/v1/sales/{plan.Sale}/events?after={_after}&limit=1000";
            var answer = await PreparatoryCall.SendAsync(
                connection, RequestBytes.Get(plan.Server, path, operatorToken), cancellationToken);
            if (!answer.IsSuccess)
            {
                throw PreparatoryCall.Refused("The sale's events could not be read", answer);
            }

            var page = JsonSerializer.Deserialize(answer.Body.Span, LoadJson.Default.FeedPage)!;
            foreach (var one in page.Items)
            {
                if (one.No != ++_after)
                {
                    throw CommandException.Failed(
                        $"The sale's events have a gap: {one.No} comes where {_after} should.");
                }
            }

            events.AddRange(page.Items);
            hasMore = page.Next is not null;
        }

        return events;
    }
}

/// <summary>A part of a sale's feed.</summary>
/// <param name="Items">The transitions.</param>
/// <param name="Next">Where to go on from; nothing where this was the last for now.</param>
internal sealed record FeedPage(IReadOnlyList<FeedEvent> Items, long? Next);

/// <summary>One transition of a sale.</summary>
/// <param name="No">Its number, from 1 and without a gap.</param>
/// <param name="Type">What happened.</param>
/// <param name="OrderId">To which order, if to one.</param>
internal sealed record FeedEvent(long No, string Type, string? OrderId = null);
