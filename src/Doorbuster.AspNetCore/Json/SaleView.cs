using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Json;

/// <summary>
/// A sale as anyone sees it, made once for each word of its gate: the crowd that waits for the doors asks for it far
/// more often than it changes. The answer has a hole for the server's time, which is written anew for each.
/// </summary>
/// <remarks>
/// A made answer is never written again, so any number of readers share it; who finds it out of date makes the next one
/// and puts it in place. Two that do so at once make the same.
/// </remarks>
internal sealed class SaleView(Sale sale, StockView stock, SaleState state)
{
    private static readonly ConditionalWeakTable<Listing, Cell> Made = [];

    private readonly byte[] _body = Render(sale, stock, state);

    /// <summary>
    /// The entity tag: the revision, and a number that grows with every change of the answer, its time aside. Those are
    /// the changes of the stock, and the two that time alone brings, so that nobody keeps a sale as scheduled that has
    /// opened.
    /// </summary>
    public StringValues ETag { get; } = $"\"{Tag(sale, stock, state)}\"";

    /// <summary>The sale as it is now.</summary>
    public static SaleView Of(Listing listing, DateTimeOffset now)
    {
        var cell = Made.GetValue(listing, static _ => new Cell());
        var sale = listing.Sale;
        var stock = listing.Mark.View;
        var state = sale.StateAt(now);
        var view = cell.View;
        if (view is null || !view.Shows(sale, stock, state))
        {
            cell.View = view = new SaleView(sale, stock, state);
        }

        return view;
    }

    /// <summary>The text of the entity tag, without its quotes.</summary>
    public static string Tag(Sale sale, StockView stock, SaleState state) =>
        $"{sale.Revision}-{stock.Version + StepsOfTime(state)}";

    /// <summary>Writes all that the answer says, into an object that the caller has begun.</summary>
    public static void WriteFields(
        Utf8JsonWriter json, Sale sale, StockView stock, SaleState state, DateTimeOffset now)
    {
        SaleTermsJson.Write(json, sale);
        WriteChangingFields(json, sale, stock, state, now);
    }

    /// <summary>Writes what claims and time change, into an object that the caller has begun.</summary>
    public static void WriteChangingFields(
        Utf8JsonWriter json, Sale sale, StockView stock, SaleState state, DateTimeOffset now)
    {
        json.WriteString("state"u8, StateName(state));
        json.WriteNumber("available"u8, stock.Available);
        json.WriteBoolean("soldOut"u8, stock.Available == 0);
        json.WriteNumber("revision"u8, sale.Revision);
        Rfc3339.Write(json, "now"u8, now);
    }

    /// <summary>Writes the answer.</summary>
    public void WriteTo(IBufferWriter<byte> target, DateTimeOffset now)
    {
        var span = target.GetSpan(_body.Length);
        _body.CopyTo(span);
        Rfc3339.Write(span[(_body.Length - "\"}"u8.Length - Rfc3339.Length)..], now);
        target.Advance(_body.Length);
    }

    /// <summary>Answers a request with the sale.</summary>
    public void WriteTo(HttpResponse response, int status, DateTimeOffset now)
    {
        response.Headers.ETag = ETag;
        Reply.WriteHead(response, status, Reply.Json, _body.Length);
        WriteTo(response.BodyWriter, now);
    }

    private bool Shows(Sale otherSale, StockView otherStock, SaleState otherState) =>
        ReferenceEquals(sale, otherSale) && ReferenceEquals(stock, otherStock) && state == otherState;

    private static int StepsOfTime(SaleState state) => state switch
    {
        SaleState.Open => 1,
        SaleState.Closed => 2,
        _ => 0,
    };

    private static byte[] Render(Sale sale, StockView stock, SaleState state)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        WriteFields(json.Writer, sale, stock, state, DateTimeOffset.UnixEpoch);
        json.Writer.WriteEndObject();
        return json.Written.ToArray();
    }

    private static ReadOnlySpan<byte> StateName(SaleState state) => state switch
    {
        SaleState.Scheduled => "scheduled"u8,
        SaleState.Open => "open"u8,
        SaleState.Paused => "paused"u8,
        SaleState.Closed => "closed"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No name is written for it."),
    };

    /// <summary>Holds the last answer made for a sale.</summary>
    private sealed class Cell
    {
        private SaleView? _view;

        public SaleView? View
        {
            get => Volatile.Read(ref _view);
            set => Volatile.Write(ref _view, value);
        }
    }
}
