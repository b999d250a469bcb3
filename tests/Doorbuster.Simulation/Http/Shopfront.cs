using System.Globalization;
using System.Text;
using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Simulation.Http;

/// <summary>
/// The calls of the HTTP contract over a node, as the server's endpoints make them: who may see what, what is refused
/// and with which problem. It runs in its node's realm.
/// </summary>
internal sealed class Shopfront(Node node, PurchaseTokens tokens, WebhookKeys keys, TimeProvider clock)
{
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
        catch (StoreUnavailableException)
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
    public Reply TakeToken(SaleId sale, BuyerId buyer) =>
        !node.Catalog.TryFind(sale.ToString(), out var listing) ? NoSuchSale
        : listing.Sale.StateAt(clock.GetUtcNow()) == SaleState.Closed ? new Reply(409, "sale-closed")
        : Issue(sale, buyer);

    /// <summary><c>POST /v1/sales/{id}/orders</c></summary>
    public async ValueTask<Reply> ClaimAsync(SaleId sale, BuyerId signedIn, string? token, string key, int quantity)
    {
        if (!node.Catalog.TryFind(sale.ToString(), out var listing))
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
        if (!IsGenuine(buyer, order))
        {
            return NoSuchOrder;
        }

        return await node.Ledger.FindAsync([order], hungUp) is [var found] && found.Buyer == buyer
            ? new Reply(200) { Order = OrderSheet.Of(found) }
            : NoSuchOrder;
    }

    /// <summary><c>GET /v1/orders?saleId=</c>, the ids alone.</summary>
    public async ValueTask<Reply> ListOrdersAsync(BuyerId buyer, SaleId sale, CancellationToken hungUp)
    {
        var ids = await node.Gate.OrdersOfAsync(sale, buyer, hungUp);
        var orders = await node.Ledger.FindAsync(ids, hungUp);
        return new Reply(200) { Orders = [.. orders.Select(order => order.Id)] };
    }

    /// <summary><c>POST /v1/orders/{id}/cancel</c></summary>
    public async ValueTask<Reply> CancelAsync(BuyerId buyer, OrderId order, CancellationToken hungUp)
    {
        if (!IsGenuine(buyer, order))
        {
            return NoSuchOrder;
        }

        var answer = await node.OrderDesk.DoAsync(new OrderCommand.Cancel(order), hungUp);
        return Refusal(answer, "order-not-cancellable") ?? new Reply(200) { Order = OrderSheet.Of(answer.Order!) };
    }

    /// <summary><c>POST /v1/orders/{id}/payments</c></summary>
    public async ValueTask<Reply> PayAsync(BuyerId buyer, OrderId order, CancellationToken hungUp)
    {
        if (!IsGenuine(buyer, order))
        {
            return NoSuchOrder;
        }

        var answer = await node.OrderDesk.PayAsync(order, hungUp);
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
            SaleCreation.Created => Show(sale.Id) with { Status = 201 },
            SaleCreation.Exists => new Reply(409, "sale-exists"),
            _ => new Reply(409, "sale-limit-reached"),
        };

    /// <summary><c>GET /v1/sales/{id}</c></summary>
    public Reply Show(SaleId sale)
    {
        if (!node.Catalog.TryFind(sale.ToString(), out var listing))
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
        if (!node.Catalog.TryFind(sale.ToString(), out _))
        {
            return NoSuchSale;
        }

        var answer = await node.Office.ChangeAsync(sale, change, CancellationToken.None);
        return answer.Outcome switch
        {
            SaleChangeOutcome.Done or SaleChangeOutcome.Stands => Show(sale),
            SaleChangeOutcome.Unknown => NoSuchSale,
            SaleChangeOutcome.Closed => new Reply(409, "sale-closed"),
            SaleChangeOutcome.RevisionDiffers => new Reply(412, "precondition-failed"),
            SaleChangeOutcome.NotScheduled => new Reply(409, "sale-not-scheduled"),
            SaleChangeOutcome.RequestReused => new Reply(422, "request-id-reused"),
            _ => new Reply(422, "invalid-request"),
        };
    }

    /// <summary><c>PATCH /v1/sales/{id}</c> of the title and the payment window.</summary>
    public ValueTask<Reply> EditAsync(SaleId sale, long revision, Func<Sale, Sale> edit) =>
        !node.Catalog.TryFind(sale.ToString(), out var listing) ? ValueTask.FromResult(NoSuchSale)
        : listing.Sale.Revision != revision ? ValueTask.FromResult(new Reply(412, "precondition-failed"))
        : ChangeAsync(sale, new SaleChange.Edit(edit(listing.Sale), revision));

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

    private bool IsGenuine(BuyerId buyer, OrderId order) =>
        node.Catalog.TryFind(order.Sale.ToString(), out var listing) && listing.OrderIds.IsGenuine(order, buyer);

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

    private static Reply? Refusal(in OrderAnswer answer, string problem) => answer.Outcome switch
    {
        CommandOutcome.Unknown => NoSuchOrder,
        CommandOutcome.Refused => new Reply(409, problem) { OrderStatus = answer.Order!.Status },
        _ => null,
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
