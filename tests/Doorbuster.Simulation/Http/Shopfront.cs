using System.Globalization;
using System.Text;
using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Simulation.Http;

/// <summary>
/// The calls of the HTTP contract over a node, as the server's endpoints make them: who may see what, what is refused
/// and with which problem. It runs in its node's realm.
/// </summary>
internal sealed class Shopfront(Node node, PurchaseTokens tokens, WebhookKeys keys, TimeProvider clock)
{
    private const int MostLetters = 100;

    private static readonly Reply NoSuchSale = new(404, "sale-not-found");
    private static readonly Reply NoSuchOrder = new(404, "order-not-found");

    /// <summary>The node behind it.</summary>
    public Node Node => node;

    /// <summary>Answers a call whose work may fail as the surroundings do.</summary>
    public async Task<Reply> AnswerAsync(
        Func<Shopfront, CancellationToken, ValueTask<Reply>> call, CancellationToken hungUp)
    {
        try
        {
            return await call(this, hungUp);
        }
        catch (Exception fault) when (
            fault is StoreUnavailableException or GateUnavailableException or ClaimLogUnavailableException)
        {
            return new Reply(503, "busy");
        }
        catch (OutcomeUnknownException)
        {
            return new Reply(503, "outcome-unknown");
        }
        catch (PaymentProviderException)
        {
            return new Reply(503, "payment-unavailable");
        }
        catch (OperationCanceledException) when (hungUp.IsCancellationRequested)
        {
            return new Reply(400, "malformed-request");
        }
        catch (Exception fault) when (fault is not LawBrokenException)
        {
            return new Reply(500, $"internal-error: {fault}");
        }
    }

    /// <summary><c>POST /v1/sales/{id}/purchase-tokens</c></summary>
    public async ValueTask<Reply> TakeTokenAsync(SaleId sale, BuyerId buyer) =>
        await FindAsync(sale) is not { } listing ? NoSuchSale
        : listing.Sale.StateAt(clock.GetUtcNow()) == SaleState.Closed ? new Reply(409, "sale-closed")
        : Issue(sale, buyer);

    /// <summary><c>POST /v1/sales/{id}/orders</c></summary>
    /// <param name="sale">The sale.</param>
    /// <param name="signedIn">The buyer.</param>
    /// <param name="token">The purchase token.</param>
    /// <param name="key">The idempotency key.</param>
    /// <param name="quantity">Units.</param>
    /// <param name="wait">Seconds that the buyer would wait for what is queued: <c>Prefer: wait=</c>.</param>
    public async ValueTask<Reply> ClaimAsync(
        SaleId sale, BuyerId signedIn, string? token, string key, int quantity, int wait = 0)
    {
        if (await FindAsync(sale) is not { } listing)
        {
            return NoSuchSale;
        }

        var check = TokenCheck.Valid;
        var buyer = signedIn;
        if (listing.Sale.RequirePurchaseToken)
        {
            check = tokens.Check(token, sale, out buyer);
            if (check == TokenCheck.Invalid)
            {
                return new Reply(403, "purchase-token-invalid");
            }
        }

        ClaimAnswer answer;
        try
        {
            answer = check == TokenCheck.Expired
                ? await node.Desk.ReplayAsync(listing, buyer, key, quantity, CancellationToken.None)
                : await node.Desk.ClaimAsync(listing, buyer, key, quantity, CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it was, the order may stand; only a retry under the same key finds out.
            answer = ClaimAnswer.Unknown;
        }

        return answer.Order is { Status: OrderStatus.Queued } queued
            ? await AnswerQueuedAsync(answer, queued, wait)
            : await AnswerAsync(sale, buyer, answer);
    }

    private async ValueTask<Reply> AnswerQueuedAsync(ClaimAnswer answer, Order queued, int seconds)
    {
        var order = seconds > 0 && node.Waits is { } waits
            ? await waits.WaitAsync(queued.Id, TimeSpan.FromSeconds(seconds), CancellationToken.None)
            : null;
        return order is null ? new Reply(202) { Order = OrderSheet.Of(queued) }
            : order.Rejection is not null && answer.Outcome == Outcome.Admitted
                ? new Reply(409, "order-rejected") { Rejected = OrderSheet.Of(order) }
            : await AnswerAsync(order.Id.Sale, order.Buyer, answer with { Order = order });
    }

    private async ValueTask<Reply> AnswerAsync(SaleId sale, BuyerId buyer, ClaimAnswer answer)
    {
        return answer.Outcome switch
        {
            Outcome.Admitted => new Reply(201) { Order = OrderSheet.Of(answer.Order!) },
            Outcome.Replayed => new Reply(200) { Order = OrderSheet.Of(answer.Order!) },
            Outcome.BuyerLimit => new Reply(409, "buyer-limit-reached")
            {
                Orders = await node.Gate.OrdersOfAsync(sale, buyer, CancellationToken.None),
            },
            Outcome.Insufficient => new Reply(409, "insufficient-stock") { Available = answer.Available },
            _ => Refusal(answer.Outcome),
        };
    }

    /// <summary><c>GET /v1/orders/{id}</c></summary>
    public async ValueTask<Reply> ShowOrderAsync(BuyerId buyer, OrderId order, CancellationToken hungUp)
    {
        if (!await IsGenuineAsync(buyer, order))
        {
            return NoSuchOrder;
        }

        return await node.Finder.FindAsync(order, buyer, hungUp) is { } found && found.Buyer == buyer
            ? new Reply(200) { Order = OrderSheet.Of(found) }
            : NoSuchOrder;
    }

    /// <summary><c>POST /v1/orders/{id}/cancel</c></summary>
    public async ValueTask<Reply> CancelAsync(BuyerId buyer, OrderId order, CancellationToken hungUp)
    {
        if (!await IsGenuineAsync(buyer, order))
        {
            return NoSuchOrder;
        }

        var answer = await node.OrderDesk.CancelAsync(order, buyer, hungUp);
        return Refusal(answer, "order-not-cancellable")
            ?? new Reply(200) { Order = OrderSheet.Of(answer.Order!) };
    }

    /// <summary><c>POST /v1/orders/{id}/payments</c></summary>
    public async ValueTask<Reply> PayAsync(BuyerId buyer, OrderId order, CancellationToken hungUp)
    {
        if (!await IsGenuineAsync(buyer, order))
        {
            return NoSuchOrder;
        }

        var answer = await node.OrderDesk.PayAsync(order, buyer, hungUp);
        return Refusal(answer, "order-not-payable")
            ?? new Reply(answer.Outcome == CommandOutcome.Done ? 201 : 200) { Payment = answer.Payment!.Id };
    }

    /// <summary><c>POST /v1/payment-events</c></summary>
    public async ValueTask<Reply> TakeEventAsync(Webhook webhook)
    {
        var check = keys.Check(webhook.Id, webhook.Timestamp, webhook.Signature, webhook.Body, clock.GetUtcNow());
        if (check != WebhookCheck.Genuine)
        {
            return new Reply(401, "signature-invalid");
        }

        await node.OrderDesk.DoAsync(Parse(webhook.Body), CancellationToken.None);
        return new Reply(200);
    }

    /// <summary><c>POST /v1/sales</c></summary>
    public async ValueTask<Reply> CreateAsync(Sale sale) =>
        await node.Office.CreateAsync(sale, CancellationToken.None) switch
        {
            SaleCreation.Created => await ShowAsync(sale.Id) with { Status = 201 },
            SaleCreation.Exists => new Reply(409, "sale-exists"),
            _ => new Reply(409, "sale-limit-reached"),
        };

    /// <summary><c>GET /v1/sales/{id}</c></summary>
    public async ValueTask<Reply> ShowAsync(SaleId sale)
    {
        if (await FindAsync(sale) is not { } listing)
        {
            return NoSuchSale;
        }

        var terms = listing.Sale;
        return new Reply(200)
        {
            Sale = new SaleSheet(
                sale, terms.Quantity, listing.Mark.View.Available, terms.StateAt(clock.GetUtcNow()), terms.Revision),
        };
    }

    /// <summary>
    /// <c>POST /v1/sales/{id}/pause</c>, <c>resume</c>, <c>close</c>, <c>replenish</c>, and <c>PATCH</c>.
    /// </summary>
    public async ValueTask<Reply> ChangeAsync(SaleId sale, SaleChange change)
    {
        if (await FindAsync(sale) is null)
        {
            return NoSuchSale;
        }

        var answer = await node.Office.ChangeAsync(sale, change, CancellationToken.None);
        return answer.Outcome switch
        {
            SaleChangeOutcome.Done or SaleChangeOutcome.Stands => await ShowAsync(sale),
            SaleChangeOutcome.Unknown => NoSuchSale,
            SaleChangeOutcome.Closed => new Reply(409, "sale-closed"),
            SaleChangeOutcome.RevisionDiffers => new Reply(412, "precondition-failed"),
            SaleChangeOutcome.NotScheduled => new Reply(409, "sale-not-scheduled"),
            SaleChangeOutcome.RequestReused => new Reply(422, "request-id-reused"),
            _ => new Reply(422, "invalid-request"),
        };
    }

    /// <summary><c>PATCH /v1/sales/{id}</c> of the title and the payment window.</summary>
    public async ValueTask<Reply> EditAsync(SaleId sale, long revision, Func<Sale, Sale> edit) =>
        await FindAsync(sale) is not { } listing ? NoSuchSale
        : listing.Sale.Revision != revision ? new Reply(412, "precondition-failed")
        : await ChangeAsync(sale, new SaleChange.Edit(edit(listing.Sale), revision));

    /// <summary><c>GET /v1/dead-letters</c>, and <c>POST /v1/dead-letters/{id}/replay</c> of each.</summary>
    public async ValueTask<Reply> ReplayLettersAsync(CancellationToken hungUp)
    {
        if (node.Letters is not { } desk)
        {
            return new Reply(404, "not-found");
        }

        foreach (var letter in await desk.ListAsync(after: null, MostLetters, hungUp))
        {
            await desk.ReplayAsync(letter.Id, hungUp);
        }

        return new Reply(200);
    }

    /// <summary><c>GET /v1/sales/{id}/audit</c></summary>
    public async ValueTask<Reply> AuditAsync(SaleId sale, CancellationToken hungUp) =>
        await node.Auditor.AuditAsync(sale, hungUp) is { } report ? new Reply(200) { Audit = report } : NoSuchSale;

    /// <summary><c>GET /v1/sales/{id}/events</c>, the numbers alone.</summary>
    public async ValueTask<Reply> EventsAsync(SaleId sale, CancellationToken hungUp)
    {
        var events = await node.Events.EventsAsync(sale, 0, int.MaxValue, hungUp);
        return new Reply(200) { Events = [.. events.Select(entry => entry.No)] };
    }

    private Reply Issue(SaleId sale, BuyerId buyer)
    {
        var (token, expiresAt) = tokens.Issue(sale, buyer);
        return new Reply(201) { Token = token, TokenExpiresAt = expiresAt };
    }

    private ValueTask<Listing?> FindAsync(SaleId sale) =>
        node.Office.FindAsync(sale.ToString(), CancellationToken.None);

    private async ValueTask<bool> IsGenuineAsync(BuyerId buyer, OrderId order) =>
        await FindAsync(order.Sale) is { } listing && listing.OrderIds.IsGenuine(order, buyer);

    private static Reply? Refusal(in OrderAnswer answer, string problem) => answer.Outcome switch
    {
        CommandOutcome.Unknown => NoSuchOrder,
        CommandOutcome.Refused => new Reply(409, problem) { OrderStatus = answer.Order!.Status },
        _ => null,
    };

    private static Reply Refusal(Outcome? outcome) => outcome switch
    {
        null => new Reply(503, "outcome-unknown"),
        Outcome.KeyReused => new Reply(422, "idempotency-key-reused"),
        Outcome.NotOpen => new Reply(409, "sale-not-open"),
        Outcome.Paused => new Reply(409, "sale-paused"),
        Outcome.Closed => new Reply(409, "sale-closed"),
        Outcome.SoldOut => new Reply(409, "sold-out"),
        Outcome.TokenExpired => new Reply(403, "purchase-token-invalid"),
        _ => new Reply(503, "busy"),
    };

    private static OrderCommand Parse(ReadOnlySpan<byte> body)
    {
        var fields = Encoding.ASCII.GetString(body).Split('|');
        return PaymentId.TryParse(fields[1], out var payment)
            ? fields[0] switch
            {
                "payment.captured" => new OrderCommand.Capture(
                    payment, fields[2], new Money(long.Parse(fields[3], CultureInfo.InvariantCulture), fields[4])),
                "payment.failed" => new OrderCommand.Fail(payment),
                _ => new OrderCommand.NoteRefund(payment),
            }
            : throw new FormatException($"'{fields[1]}' is no payment id.");
    }
}
