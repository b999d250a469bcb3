using System.Globalization;
using System.Text;
using Doorbuster.Dispatch;
using RabbitMQ.Client;

namespace Doorbuster.RabbitMq;

/// <summary>
/// An entry of the log as a message: its claims, packed, are the body; the rest are headers. The message id is the sale
/// and the entry's id in its log, so a message that is sent again has the same.
/// </summary>
internal static class EntryMessage
{
    private const string SaleHeader = "sale";
    private const string EntryHeader = "entry";
    private const string EpochHeader = "epoch";
    private const string RevisionHeader = "revision";
    private const string AdmittedHeader = "admitted_ms";

    public static BasicProperties PropertiesOf(AdmittedBatch entry) => new()
    {
        MessageId = $"{entry.Sale}/{entry.Id}",
        Persistent = true,
        Headers = new Dictionary<string, object?>
        {
            [SaleHeader] = entry.Sale.ToString(),
            [EntryHeader] = entry.Id,
            [EpochHeader] = entry.Epoch,
            [RevisionHeader] = entry.Revision,
            [AdmittedHeader] = entry.AdmittedAt.ToUnixTimeMilliseconds(),
        },
    };

    public static byte[] BodyOf(AdmittedBatch entry) => PackedClaims.Pack([.. entry.Claims]);

    /// <exception cref="FormatException">It is no message of ours.</exception>
    public static AdmittedBatch Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        var sale = SaleId.Parse(Text(properties, SaleHeader));
        return new AdmittedBatch(
            sale,
            Text(properties, EntryHeader),
            Number(properties, EpochHeader),
            Number(properties, RevisionHeader),
            DateTimeOffset.FromUnixTimeMilliseconds(Number(properties, AdmittedHeader)),
            PackedClaims.Read(sale, body));
    }

    private static string Text(IReadOnlyBasicProperties properties, string header) => Header(properties, header) switch
    {
        byte[] utf8 => Encoding.UTF8.GetString(utf8),
        var other => throw new FormatException(
            string.Create(CultureInfo.InvariantCulture, $"The header '{header}' is '{other}', and not a text.")),
    };

    private static long Number(IReadOnlyBasicProperties properties, string header) => Header(properties, header) switch
    {
        long number => number,
        var other => throw new FormatException(
            string.Create(CultureInfo.InvariantCulture, $"The header '{header}' is '{other}', and not a number.")),
    };

    private static object? Header(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers is { } headers && headers.TryGetValue(header, out var value) ? value : null;
}
