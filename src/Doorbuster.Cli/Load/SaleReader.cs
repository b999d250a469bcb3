using System.Text.Json;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>Reads the sale, and with it how far the server's clock is ahead of this machine's.</summary>
internal sealed class SaleReader(LoadPlan plan, HttpConnection connection, TimeProvider clock)
{
    private const int Readings = 3;
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _request = RequestBytes.Get(plan.Server, $"/v1/sales/{plan.Sale}");

    /// <summary>Reads the sale once.</summary>
    /// <exception cref="CommandException">There is no such sale, or the server does not tell.</exception>
    public async Task<ObservedSale> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await PreparatoryCall.SendAsync(connection, _request, cancellationToken);
        return answer.Status switch
        {
            200 => JsonSerializer.Deserialize(answer.Body.Span, LoadJson.Default.ObservedSale)!,
            404 => throw CommandException.Failed(
                $"There is no sale '{plan.Sale}' at {plan.Server}. 'doorbuster sale list' shows those there are."),
            _ => throw PreparatoryCall.Refused($"The sale '{plan.Sale}' could not be read", answer),
        };
    }

    /// <summary>
    /// At which time of this machine the sale opens. The server wrote its clock before we read ours, and an answer that
    /// waited in a cache shows an older time still; so the difference of the two is never too large, and the largest of
    /// a few readings is the nearest. The crowd may come a hair late, but not before the doors are open.
    /// </summary>
    public async Task<DateTimeOffset> ReadOpeningAsync(CancellationToken cancellationToken)
    {
        var ahead = TimeSpan.MinValue;
        for (var reading = 1; ; reading++)
        {
            var sale = await ReadAsync(cancellationToken);
            var difference = sale.Now - clock.GetUtcNow();
            ahead = difference > ahead ? difference : ahead;
            if (reading == Readings)
            {
                return sale.OpensAt - ahead;
            }

            await Task.Delay(BetweenReadings, cancellationToken);
        }
    }
}
