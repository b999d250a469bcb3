using System.Text.Json;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>Buyers whom the server makes up on request, where its <c>Doorbuster:Identity:Guests</c> is on.</summary>
internal sealed class GuestBuyers(Uri server) : IBuyers
{
    private readonly byte[] _request = RequestBytes.Post(server, "/v1/guests");

    /// <inheritdoc/>
    public int CountFor(int claims) => claims;

    /// <inheritdoc/>
    public async ValueTask<string> SignInAsync(
        int buyer, HttpConnection connection, CancellationToken cancellationToken)
    {
        var answer = await PreparatoryCall.SendAsync(connection, _request, cancellationToken);
        return answer.Status switch
        {
            >= 200 and < 300 => JsonSerializer.Deserialize(answer.Body.Span, LoadJson.Default.GrantedToken)!.Token,
            401 or 403 or 404 or 405 => throw CommandException.Failed(
                $"{server} takes no guests (POST /v1/guests answered {answer.Status}). Give --data DIR, the server's "
                + "data directory, to sign a token for each buyer with its key; or --token JWT to claim as one buyer."),
            _ => throw PreparatoryCall.Refused("A guest could not be made", answer),
        };
    }
}
