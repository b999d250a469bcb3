namespace Doorbuster.AspNetCore.Problems;

/// <summary>
/// Every refusal there is, each with its problem type, status and title, and the map from outcomes to them. The names
/// are part of the HTTP contract and never change their meaning.
/// </summary>
internal static class Refusals
{
    // Claims.
    public static readonly ProblemKind SoldOut = new("sold-out", 409, "Sold out.",
        "No unit is left. Reservations may still end unpaid, and their units then come back.");

    public static readonly ProblemKind InsufficientStock = new("insufficient-stock", 409,
        "Fewer are left than you asked for.",
        "available says how many are left; ask for no more than that.");

    public static readonly ProblemKind BuyerLimitReached = new("buyer-limit-reached", 409,
        "You have reached the limit for one buyer.",
        "orders names what the buyer has ordered in this sale.");

    public static readonly ProblemKind SaleNotOpen = new("sale-not-open", 409, "The sale has not opened yet.",
        "opensAt says when it opens.");

    public static readonly ProblemKind SalePaused = new("sale-paused", 409, "The sale is paused.",
        "An operator holds the sale. Orders made before stand.");

    public static readonly ProblemKind SaleClosed = new("sale-closed", 409, "The sale is over.",
        "No new order is taken. Orders made before stand.");

    public static readonly ProblemKind PurchaseTokenInvalid = new("purchase-token-invalid", 403,
        "Your place at this sale is missing or has expired.",
        "The Purchase-Token header is missing, forged, expired, or of another sale. Take a token with "
        + "POST /v1/sales/{id}/purchase-tokens and claim again, with the same Idempotency-Key.");

    public static readonly ProblemKind IdempotencyKeyReused = new("idempotency-key-reused", 422,
        "This attempt was already made for another quantity.",
        "An order for another quantity stands under the same Idempotency-Key; order names it. A new attempt needs "
        + "a new key.");

    public static readonly ProblemKind OrderRejected = new("order-rejected", 409,
        "Your order could not be kept.",
        "The claim was admitted and the order store could not keep it; reason says why, and order names it. It holds "
        + "no units. A new attempt needs a new Idempotency-Key.");

    public static readonly ProblemKind Busy = new("busy", 503, "Too busy just now. Please try again in a moment.",
        "This request changed nothing. Try again after the time in Retry-After, a claim with the same "
        + "Idempotency-Key.");

    public static readonly ProblemKind OutcomeUnknown = new("outcome-unknown", 503,
        "We cannot tell yet whether this was done. Please try again.",
        "It may have been done or not. Try again after the time in Retry-After; done once, it is done. A claim with "
        + "the same Idempotency-Key is answered with its order, or a fresh decision, never a second order; "
        + "idempotencyKey says which, also where the server drew it. Units are added once a requestId. A change of "
        + "terms that was done finds precondition-failed: read the sale then.");

    // Sales and orders.
    public static readonly ProblemKind SaleNotFound = new("sale-not-found", 404, "There is no such sale.",
        "No sale has this id.");

    public static readonly ProblemKind SaleExists = new("sale-exists", 409, "A sale of this id exists already.",
        "Choose another id, or leave it out to have one drawn.");

    public static readonly ProblemKind SaleLimitReached = new("sale-limit-reached", 409,
        "This server holds as many sales as it may.",
        "The setting Doorbuster:Limits:MaxSales bounds the number of sales, closed ones included.");

    public static readonly ProblemKind SaleNotScheduled = new("sale-not-scheduled", 409,
        "This can be changed only before the sale opens.",
        "errors points at what can be changed only while the sale is scheduled: price, opening, the limit of a buyer, "
        + "and whether a purchase token is needed. Everything else can still be changed.");

    public static readonly ProblemKind RequestIdReused = new("request-id-reused", 422,
        "This request was already made for another quantity.",
        "Units were added under the same requestId, and not as many. To add more, send a new requestId.");

    public static readonly ProblemKind PreconditionRequired = new("precondition-required", 428,
        "Say which version of the sale you have seen.",
        "Send the ETag of GET /v1/sales/{id} in If-Match, so that nobody else's change is overwritten unseen.");

    public static readonly ProblemKind PreconditionFailed = new("precondition-failed", 412,
        "The sale has changed since you have seen it.",
        "revision is the sale's revision now. Read the sale again, and repeat the change with its ETag in If-Match.");

    public static readonly ProblemKind OrderNotFound = new("order-not-found", 404, "There is no such order.",
        "No order of yours has this id.");

    public static readonly ProblemKind OrderNotCancellable = new("order-not-cancellable", 409,
        "This order can no longer be cancelled.",
        "Only an order that waits for its payment can be; orderStatus says where it is.");

    public static readonly ProblemKind OrderNotPayable = new("order-not-payable", 409,
        "This order can no longer be paid.",
        "It is paid, ended, or its time to pay is over, or too many attempts have failed; orderStatus says "
        + "where it is.");

    public static readonly ProblemKind PaymentUnavailable = new("payment-unavailable", 503,
        "Paying is not possible just now. Please try again in a moment.",
        "The payment provider did not answer. The order stands as it was; try again after the time in Retry-After.");

    public static readonly ProblemKind SignatureInvalid = new("signature-invalid", 401,
        "This event is not from a payment provider that we know.",
        "The signature is checked as Standard Webhooks 1.0 has it (https://www.standardwebhooks.com), with the keys of "
        + "Doorbuster:Payments:WebhookSecrets and within five minutes of the time in webhook-timestamp.");

    // Admitted claims that could not be written.
    public static readonly ProblemKind DeadLetterNotFound = new("dead-letter-not-found", 404,
        "There is no such dead letter.",
        "No claim of this name waits among the dead letters, and no order stands under it.");

    public static readonly ProblemKind DeadLetterNotReplayable = new("dead-letter-not-replayable", 409,
        "This claim still cannot be made an order.",
        "reason says why. The claim waits as it did: mend the cause, and replay it again before it is rejected, after "
        + "the time in Doorbuster:Workers:DeadLetterPatience.");

    // Who calls, and how often.
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "Please sign in.",
        "The call needs a bearer token; WWW-Authenticate says what was wrong with the one given.");

    public static readonly ProblemKind Forbidden = new("forbidden", 403, "You may not do this.",
        "The token is genuine, and gives no right to this call.");

    public static readonly ProblemKind RateLimited = new("rate-limited", 429,
        "Too many attempts. Please wait a moment.",
        "A buyer takes so many purchase tokens a minute and no more; one token is enough for many attempts. Try again "
        + "after the time in Retry-After.");

    // Requests that say nothing we understand, and the framework's own refusals.
    public static readonly ProblemKind InvalidRequest = new("invalid-request", 422,
        "Something in this request is not right.",
        "errors names each field, by JSON pointer, or header or query parameter, by name, with what it may be.");

    public static readonly ProblemKind MalformedRequest = new("malformed-request", 400, "This request cannot be read.",
        "The body is not JSON as RFC 8259 has it, or the request is not HTTP.");

    public static readonly ProblemKind NotFound = new("not-found", 404, "There is nothing here.",
        "No resource has this address.");

    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "This cannot be done here.",
        "The Allow header names the methods that this address knows.");

    public static readonly ProblemKind UpgradeRequired = new("upgrade-required", 426,
        "This address is for live updates only.",
        "Open it as a WebSocket, or ask for an event stream with Accept: text/event-stream.");

    public static readonly ProblemKind RequestTimeout = new("request-timeout", 408, "The request took too long.",
        "The headers or the body did not arrive in time. Nothing was changed.");

    public static readonly ProblemKind PayloadTooLarge = new("payload-too-large", 413, "This request is too large.",
        "A body has at most 16 KiB.");

    public static readonly ProblemKind AddressTooLong = new("address-too-long", 414, "This address is too long.",
        "The line with method and address has at most 8 KiB.");

    public static readonly ProblemKind HeadersTooLarge = new("headers-too-large", 431,
        "The headers of this request are too large.",
        "There are at most 100 headers, and as many bytes together as the setting "
        + "Kestrel:Limits:MaxRequestHeadersTotalSize allows. Cookies are headers too.");

    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415,
        "This kind of content is not understood.",
        "Bodies are application/json in UTF-8; say so in Content-Type.");

    // The server's own state.
    public static readonly ProblemKind NotReady = new("not-ready", 503, "Not ready.",
        "reasons says what is not ready.");

    public static readonly ProblemKind InternalError = new("internal-error", 500, "Something went wrong on our side.",
        "The log of the server has the cause. A claim may be tried again with the same Idempotency-Key.");

    /// <summary>Every kind, found by its name.</summary>
    public static readonly IReadOnlyDictionary<string, ProblemKind> ByName =
        typeof(Refusals).GetFields().Select(field => field.GetValue(null)).OfType<ProblemKind>()
            .ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>What a claim's outcome is refused with; null where it is no refusal.</summary>
    /// <param name="outcome">The outcome; null where nobody can know it yet.</param>
    public static ProblemKind? Of(Outcome? outcome) => outcome switch
    {
        null => OutcomeUnknown,
        Outcome.SaleUnknown => Busy,
        Outcome.Replayed => null,
        Outcome.KeyReused => IdempotencyKeyReused,
        Outcome.TokenExpired => PurchaseTokenInvalid,
        Outcome.StaleEpoch => Busy,
        Outcome.NotOpen => SaleNotOpen,
        Outcome.Paused => SalePaused,
        Outcome.Closed => SaleClosed,
        Outcome.Busy => Busy,
        Outcome.BuyerLimit => BuyerLimitReached,
        Outcome.SoldOut => SoldOut,
        Outcome.Insufficient => InsufficientStock,
        Outcome.Admitted => null,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No refusal is written for it."),
    };

    /// <summary>What the end of a change of a sale is refused with; null where it is no refusal.</summary>
    public static ProblemKind? Of(SaleChangeOutcome outcome) => outcome switch
    {
        SaleChangeOutcome.Done => null,
        SaleChangeOutcome.Stands => null,
        SaleChangeOutcome.Unknown => SaleNotFound,
        SaleChangeOutcome.Closed => SaleClosed,
        SaleChangeOutcome.RevisionDiffers => PreconditionFailed,
        SaleChangeOutcome.NotScheduled => SaleNotScheduled,
        SaleChangeOutcome.TooMany => InvalidRequest,
        SaleChangeOutcome.RequestReused => RequestIdReused,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No refusal is written for it."),
    };

    /// <summary>What the framework's refusal of a request that it cannot read is told as.</summary>
    public static ProblemKind OfBadRequest(int status) => status switch
    {
        405 => MethodNotAllowed,
        408 => RequestTimeout,
        413 => PayloadTooLarge,
        414 => AddressTooLong,
        431 => HeadersTooLarge,
        _ => MalformedRequest,
    };
}
