using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// What each buyer shows with a claim, spelled as a header line: a purchase token, or the JWT itself where the sale
/// asks for no purchase token. All are taken before the first claim is sent, so that the figures are of claims alone.
/// </summary>
internal sealed class Credentials
{
    private readonly byte[][] _lines;

    private Credentials(int buyers) => _lines = new byte[buyers][];

    /// <summary>When the first of them ends, or nothing where none does within the run.</summary>
    public DateTimeOffset? FirstExpiry { get; private set; }

    /// <summary>The header line of the buyer whose claim it is; claims go around the buyers.</summary>
    public ReadOnlySpan<byte> LineFor(int claim) => _lines[claim % _lines.Length];

    /// <summary>Takes them, over all connections at once.</summary>
    /// <param name="plan">Which sale, and how many claims.</param>
    /// <param name="sale">Whether purchase tokens are asked for.</param>
    /// <param name="buyers">Who they are.</param>
    /// <param name="connections">Over which to ask.</param>
    /// <param name="progress">Is told of each.</param>
    /// <param name="cancellationToken">Ends the taking.</param>
    /// <exception cref="CommandException">The server refused one.</exception>
    public static async Task<Credentials> TakeAsync(
        LoadPlan plan,
        ObservedSale sale,
        IBuyers buyers,
        Connections connections,
        LoadProgress progress,
        CancellationToken cancellationToken)
    {
        var taken = new Credentials(buyers.CountFor(plan.Buyers));
        await connections.DoAsync(
            taken._lines.Length,
            async (connection, buyer, token) =>
            {
                var bearer = await buyers.SignInAsync(buyer, connection, token);
                taken._lines[buyer] = sale.RequirePurchaseToken
                    ? await taken.TakePurchaseTokenAsync(plan, bearer, connection, token)
                    : Encoding.ASCII.GetBytes($"Authorization: Bearer {bearer}\r\n");
                progress.CountCredential();
            },
            cancellationToken);
        Debug.Assert(Array.TrueForAll(taken._lines, line => line is not null), "Every buyer has a credential.");
        return taken;
    }

    private async Task<byte[]> TakePurchaseTokenAsync(
        LoadPlan plan, string bearer, HttpConnection connection, CancellationToken cancellationToken)
    {
        var request = RequestBytes.Post(plan.Server, $"/v1/sales/{plan.Sale}/purchase-tokens", bearer);
        var answer = await PreparatoryCall.SendAsync(connection, request, cancellationToken);
        if (!answer.IsSuccess)
        {
            throw PreparatoryCall.Refused("A buyer got no purchase token", answer);
        }

        var granted = JsonSerializer.Deserialize(answer.Body.Span, LoadJson.Default.GrantedToken)!;
        NoteExpiry(granted.ExpiresAt);
        return Encoding.ASCII.GetBytes($"Purchase-Token: {granted.Token}\r\n");
    }

    private void NoteExpiry(DateTimeOffset? expiresAt)
    {
        lock (_lines)
        {
            FirstExpiry = FirstExpiry is { } first && !(expiresAt < first) ? first : expiresAt;
        }
    }
}
