using System.Diagnostics;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Problems;

/// <summary>
/// Gives a body to what Kestrel refuses before any of our code has the request: a malformed request line, headers that
/// are too long or too late. By itself it answers those with a status and nothing else.
/// </summary>
/// <remarks>
/// Kestrel tells of such a request by a diagnostic event, on the connection's own turn and before it answers. The
/// request's features are those of a response that has not begun: beginning it here makes the answer ours, and Kestrel
/// only closes the connection. Only the body has no writer yet, for there was no request to answer; so it goes to the
/// connection behind the head. Requests that are not refused pay for a look at a subscription.
/// <para>
/// Left alone are HTTP/2 and 3, which end a stream by a code and not by an answer, and 505: who speaks another HTTP is
/// told so in its own framing, and could not read ours. Should an event ever come too late, the answer is Kestrel's.
/// </para>
/// </remarks>
internal sealed partial class ServerRefusals : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private readonly ILogger _logger;

    private ServerRefusals(ILogger logger) => _logger = logger;

    /// <summary>Listens for as long as the server runs.</summary>
    public static void Attach(DiagnosticListener server, ILogger logger) =>
        server.Subscribe(new ServerRefusals(logger), static name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        try
        {
            if (value.Key == Event && value.Value is IFeatureCollection request)
            {
                Answer(request);
            }
        }
        catch (Exception fault)
        {
            // An exception here would end the connection without any answer at all.
            Log.ServerRefusal(_logger, fault);
        }
    }

    public void OnCompleted()
    {
        // The server is gone.
    }

    public void OnError(Exception error)
    {
        // Nothing that is diagnosed here fails.
    }

    private static void Answer(IFeatureCollection request)
    {
        var response = request.GetRequiredFeature<IHttpResponseFeature>();
        var hasStreams = request.Get<IHttpResetFeature>() is not null;
        if (response.HasStarted || hasStreams || response.StatusCode == StatusCodes.Status505HttpVersionNotsupported
            || request.Get<IConnectionTransportFeature>() is not { } connection)
        {
            return;
        }

        var kind = Refusals.OfBadRequest(response.StatusCode);
        Problem.WriteHead(response, kind);
        response.Headers.Connection = "close";
        _ = request.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync();

        // It fits into the connection's buffer, which is sent before the connection is closed.
        var isHead = HttpMethods.IsHead(request.GetRequiredFeature<IHttpRequestFeature>().Method);
        _ = connection.Transport.Output.WriteAsync(isHead ? default : kind.Body).AsTask();
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ServerRefusal, LogLevel.Debug, "A request that the server refused got no problem.")]
        public static partial void ServerRefusal(ILogger logger, Exception fault);
    }
}
