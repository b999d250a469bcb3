using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// What an operator does to a sale: <c>PATCH /v1/sales/{id}</c>, and <c>POST /v1/sales/{id}/pause</c>, <c>resume</c>,
/// <c>close</c> and <c>replenish</c>. Each answers with the sale as it is then, once its gate knows.
/// </summary>
internal sealed partial class SaleChangeEndpoints(TimeProvider clock, ILogger logger)
{
    private const int RequestIdLength = 64;

    private const string TooManyRevisions =
        "The sale has as many revisions as it may (Doorbuster:Limits:RevisionsPerSale). It can be paused, resumed and "
        + "closed.";

    /// <summary>Admits nothing until the sale is resumed.</summary>
    public Task PauseAsync(HttpContext context, Shop shop) => TurnAsync(context, shop, new SaleChange.Pause());

    /// <summary>Goes on after a pause.</summary>
    public Task ResumeAsync(HttpContext context, Shop shop) => TurnAsync(context, shop, new SaleChange.Resume());

    /// <summary>Closes the sale for good.</summary>
    public Task CloseAsync(HttpContext context, Shop shop) => TurnAsync(context, shop, new SaleChange.Close());

    /// <summary>Adds units, once a request id.</summary>
    public async Task ReplenishAsync(HttpContext context, Shop shop)
    {
        if (await FindAsync(context, shop) is not { } listing)
        {
            return;
        }

        var (more, problem) = await RequestBody.ReadAsync(context.Request, ReadReplenishment);
        if (problem is not null)
        {
            problem.Write(context);
            return;
        }

        await ChangeAsync(context, shop, listing, more);
    }

    /// <summary>Changes terms. Whoever asks says by <c>If-Match</c> which terms they have seen.</summary>
    public async Task EditAsync(HttpContext context, Shop shop)
    {
        if (await FindAsync(context, shop) is not { } listing)
        {
            return;
        }

        var sale = listing.Sale;
        var seen = context.Request.Headers.IfMatch;
        if (seen.Count == 0)
        {
            Problem.Write(context, Refusals.PreconditionRequired);
            return;
        }

        if (!EntityTag.IsOfRevision(seen, sale.Revision))
        {
            RefuseRevision(context, sale);
            return;
        }

        var (terms, problem) = await RequestBody.ReadAsync(
            context.Request, json => SalePatch.Parse(json, sale), mediaType: SalePatch.MediaTypeOf(context.Request));
        if (problem is not null)
        {
            if (problem.Kind == Refusals.UnsupportedMediaType)
            {
                context.Response.Headers["Accept-Patch"] = SalePatch.ContentType;
            }

            problem.Write(context);
            return;
        }

        await ChangeAsync(context, shop, listing, new SaleChange.Edit(terms, sale.Revision));
    }

    private async Task TurnAsync(HttpContext context, Shop shop, SaleChange change)
    {
        if (await FindAsync(context, shop) is not { } listing)
        {
            return;
        }

        var (_, problem) = await RequestBody.ReadAsync<bool>(context.Request, NoWish.Read);
        if (problem is null)
        {
            await ChangeAsync(context, shop, listing, change);
        }
        else
        {
            problem.Write(context);
        }
    }

    /// <summary>The sale that an operator names; null once the request was refused.</summary>
    private static async ValueTask<Listing?> FindAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return null;
        }

        var listing = await shop.FindAsync(context.Request.RouteValues["id"] as string);
        if (listing is null)
        {
            Problem.Write(context, Refusals.SaleNotFound);
        }

        return listing;
    }

    private static Parsed<SaleChange> ReadReplenishment(ReadOnlySpan<byte> json) =>
        JsonBody.Read<SaleChange>(json, "An object with a quantity and a requestId.", (root, errors) =>
        {
            var form = new JsonForm(root, JsonPointer.Root, ["quantity", "requestId"], errors);
            var quantity = (int)form.Whole("quantity", 1, Sale.MaxQuantity);
            var requestId = form.Text("requestId", RequestIdLength, isRequired: true);
            if (requestId is not null && requestId.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                form.Refuse("requestId", $"1 to {RequestIdLength} visible ASCII characters.");
            }

            return new SaleChange.Replenish(quantity, requestId ?? "");
        });

    private async Task ChangeAsync(HttpContext context, Shop shop, Listing listing, SaleChange change)
    {
        // Changed in the store and not at the gate is worse than changed for nobody: a caller that hangs up cancels
        // nothing.
        var answer = await shop.Office.ChangeAsync(listing.Sale.Id, change, CancellationToken.None);
        if (Refusals.Of(answer.Outcome) is { } kind)
        {
            Refuse(context, kind, change, answer);
            return;
        }

        if (answer.Outcome == SaleChangeOutcome.Done)
        {
            Log.SaleChanged(logger, listing.Sale.Id, change.GetType().Name, answer.Sale!.Revision);
        }

        var now = clock.GetUtcNow();
        context.Response.Headers.CacheControl = Reply.NoStore;
        SaleView.Of(listing, now).WriteTo(context.Response, StatusCodes.Status200OK, now);
    }

    private static void Refuse(HttpContext context, ProblemKind kind, SaleChange change, SaleChangeAnswer answer)
    {
        switch (answer.Outcome, change)
        {
            case (SaleChangeOutcome.RevisionDiffers, _):
                RefuseRevision(context, answer.Sale!);
                break;
            case (SaleChangeOutcome.TooMany, SaleChange.Replenish more)
                when more.Quantity > Sale.MaxQuantity - answer.Sale!.Quantity:
                Problem.Invalid("#/quantity", $"The sale would have more than {Sale.MaxQuantity} units.")
                    .Write(context);
                break;
            case (SaleChangeOutcome.TooMany, _):
                Problem.Invalid(JsonPointer.Root, TooManyRevisions).Write(context);
                break;
            case (SaleChangeOutcome.NotScheduled, SaleChange.Edit edit):
                new Problem(kind, Errors: [.. OnlyWhileScheduled(answer.Sale!, edit.Terms)]).Write(context);
                break;
            default:
                Problem.Write(context, kind);
                break;
        }
    }

    private static void RefuseRevision(HttpContext context, Sale sale) =>
        new Problem(Refusals.PreconditionFailed, Fields: json => json.WriteNumber("revision"u8, sale.Revision))
            .Write(context);

    private static IEnumerable<FieldError> OnlyWhileScheduled(Sale sale, Sale terms)
    {
        (string Name, bool IsChanged)[] fields =
        [
            ("price", terms.Price != sale.Price),
            ("opensAt", terms.OpensAt != sale.OpensAt),
            ("perBuyerLimit", terms.PerBuyerLimit != sale.PerBuyerLimit),
            ("requirePurchaseToken", terms.RequirePurchaseToken != sale.RequirePurchaseToken),
        ];
        return fields.Where(field => field.IsChanged).Select(field => new FieldError(
            JsonPointer.Property(JsonPointer.Root, field.Name), "It can be changed only while the sale is scheduled."));
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.SaleChanged, LogLevel.Information,
            "Sale {Sale} was changed ({Change}); its revision is {Revision}.")]
        public static partial void SaleChanged(ILogger logger, SaleId sale, string change, long revision);
    }
}
