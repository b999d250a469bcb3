using Doorbuster.AspNetCore.Problems;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>What is answered where an endpoint could not do its work.</summary>
internal static partial class Faults
{
    /// <summary>
    /// Whether an exception is ours to answer. A body that ended because its sender hung up is the web server's: it has
    /// to see the exception, or it goes on reading a connection whose last read never ended.
    /// </summary>
    public static bool IsOurs(HttpContext context, Exception fault) =>
        !(fault is BadHttpRequestException && context.RequestAborted.IsCancellationRequested);

    /// <summary>Answers for an exception, without a word of what it says.</summary>
    public static void Answer(HttpContext context, Exception fault, ILogger logger)
    {
        var kind = KindOf(fault, context.RequestAborted.IsCancellationRequested);
        if (kind == Refusals.InternalError)
        {
            Log.EndpointFault(logger, fault, context.Request.Method, context.GetEndpoint()?.DisplayName);
        }
        else if (kind == Refusals.PaymentUnavailable)
        {
            Log.PaymentUnavailable(logger, fault.Message);
        }
        else if (kind == Refusals.Busy)
        {
            Log.StoreUnavailable(logger, fault.Message);
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        if (fault is BadHttpRequestException)
        {
            // Where a body could not be read to its end, nobody knows where the next request begins.
            context.Response.Headers.Connection = "close";
        }

        Problem.Write(context, kind);
    }

    private static ProblemKind KindOf(Exception fault, bool hasHungUp) => fault switch
    {
        // Nobody is there to read the answer, and hanging up is no fault.
        OperationCanceledException or IOException when hasHungUp => Refusals.MalformedRequest,
        BadHttpRequestException refused => Refusals.OfBadRequest(refused.StatusCode),
        BadCommandException => Refusals.InternalError,
        StoreUnavailableException or GateUnavailableException => Refusals.Busy,
        OutcomeUnknownException => Refusals.OutcomeUnknown,
        PaymentProviderException => Refusals.PaymentUnavailable,
        _ => Refusals.InternalError,
    };

    private static partial class Log
    {
        [LoggerMessage(EventIds.EndpointFault, LogLevel.Error, "{Method} {Endpoint} failed.")]
        public static partial void EndpointFault(ILogger logger, Exception fault, string method, string? endpoint);

        [LoggerMessage(EventIds.StoreUnavailable, LogLevel.Debug, "The order store is unavailable: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, string reason);

        [LoggerMessage(EventIds.PaymentUnavailable, LogLevel.Warning, "A payment could not be opened: {Reason}")]
        public static partial void PaymentUnavailable(ILogger logger, string reason);
    }
}
