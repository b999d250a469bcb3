using System.Diagnostics;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Live;
using Doorbuster.AspNetCore.Pages;
using Doorbuster.AspNetCore.Payments;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.AspNetCore.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore;

/// <summary>Puts Doorbuster's HTTP interface into a program.</summary>
public static class DoorbusterEndpoints
{
    private const string PagesEnabled =
        $"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Pages)}:{nameof(PageOptions.Enabled)}";

    /// <summary>
    /// Maps every resource of the HTTP contract. It needs <see cref="DoorbusterServices.AddDoorbuster"/>.
    /// </summary>
    /// <param name="endpoints">The program's endpoints.</param>
    /// <param name="prefix">
    /// What every path begins with, such as <c>/flash</c>; nothing by default. Whatever lies below it and is mapped to
    /// nothing more specific is answered with our <c>not-found</c>.
    /// </param>
    /// <returns>All of them together, for what the program asks of its endpoints.</returns>
    /// <exception cref="ArgumentException">
    /// The endpoints are a group of the program's: its prefix would be missing in every Location.
    /// </exception>
    public static IEndpointConventionBuilder MapDoorbuster(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        if (endpoints is RouteGroupBuilder)
        {
            throw new ArgumentException(
                "Map Doorbuster outside of groups, and give MapDoorbuster the prefix.", nameof(endpoints));
        }

        var services = endpoints.ServiceProvider;
        var premises = services.GetRequiredService<Premises>();
        var clock = services.GetRequiredService<TimeProvider>();
        var random = services.GetRequiredService<RandomSource>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Doorbuster.AspNetCore.Endpoints");
        var root = prefix.Trim('/') is { Length: > 0 } path ? $"/{path}" : "";
        var group = endpoints.MapGroup(root);

        var links = new Links(root);
        var map = new ResourceMap(group, premises, new(services.GetRequiredService<CrossOrigin>), logger);
        var sales = new SaleEndpoints(premises, links, clock, random, logger);
        var changes = new SaleChangeEndpoints(clock, logger);
        var tokens = new TokenEndpoints(clock, random);
        var claim = new ClaimEndpoint(new ClaimReader(premises, random), links, logger);
        var health = new HealthEndpoints(premises);
        var events = new PaymentEventEndpoint(clock);
        premises.Root = root;

        map.Map("/v1/sales", get: map.AtShop(sales.ListAsync), post: map.AtShop(sales.CreateAsync));
        map.Map("/v1/sales/{id}", get: sales.ShowAsync, patch: map.AtShop(changes.EditAsync));
        map.Map("/v1/sales/{id}/pause", post: map.AtShop(changes.PauseAsync));
        map.Map("/v1/sales/{id}/resume", post: map.AtShop(changes.ResumeAsync));
        map.Map("/v1/sales/{id}/close", post: map.AtShop(changes.CloseAsync));
        map.Map("/v1/sales/{id}/replenish", post: map.AtShop(changes.ReplenishAsync));
        map.Map("/v1/sales/{id}/events", get: map.AtShop(EventEndpoints.ListAsync));
        map.Map("/v1/sales/{id}/audit", get: map.AtShop(AuditEndpoint.ShowAsync));
        map.Map("/v1/sales/{id}/repair", post: map.AtShop(AuditEndpoint.RepairAsync));
        map.Map("/v1/sales/{id}/purchase-tokens", post: map.AtShop(tokens.IssueAsync));
        map.Map("/v1/sales/{id}/orders", post: claim.InvokeAsync);
        new LiveEndpoint(clock, random).Map(endpoints, map);
        map.Map("/v1/live", get: map.AtShop(new BoardEndpoint(random).WatchAsync));
        map.Map("/v1/orders", get: map.AtShop(OrderEndpoints.ListAsync));
        map.Map("/v1/orders/{id}", get: map.AtShop(OrderEndpoints.ShowAsync));
        map.Map("/v1/orders/{id}/cancel", post: map.AtShop(OrderActionEndpoints.CancelAsync));
        map.Map("/v1/orders/{id}/payments", post: map.AtShop(OrderActionEndpoints.PayAsync));
        map.Map("/v1/dead-letters", get: map.AtShop(DeadLetterEndpoints.ListAsync));
        map.Map("/v1/dead-letters/{id}/replay", post: map.AtShop(DeadLetterEndpoints.ReplayAsync));
        map.Map("/v1/nodes", get: map.AtShop(NodeEndpoint.ListAsync));
        map.Map("/v1/payment-events", post: map.AtShop(events.TakeAsync));
        map.Map(
            SandboxLinks.Pattern,
            get: map.AtShop(SandboxEndpoint.ShowAsync),
            post: map.AtShop(SandboxEndpoint.EndAsync));
        map.Map("/v1/guests", post: map.AtShop(tokens.MakeGuestAsync));
        map.Map("/health/live", get: HealthEndpoints.LiveAsync);
        map.Map("/health/ready", get: health.ReadyAsync);
        map.Map("/problems/{name}", get: ProblemEndpoint.ShowAsync);
        map.Map("/openapi/v1.json", get: new DescriptionEndpoint(root).ShowAsync);
        if (HasPages(services))
        {
            new PageEndpoints(premises, root, clock).Map(map);
        }

        if (root.Length > 0)
        {
            group.Map("/{**rest}", WriteNotFoundAsync).WithDisplayName("Doorbuster, nothing here");
        }

        return group;
    }

    /// <summary>
    /// Answers requests that no endpoint takes with a problem, like every other refusal. Use it last, in a program that
    /// serves nothing else where its endpoints end.
    /// </summary>
    public static IApplicationBuilder UseDoorbusterNotFound(this IApplicationBuilder app) =>
        app.Use(next => context => context.GetEndpoint() is null ? WriteNotFoundAsync(context) : next(context));

    /// <summary>
    /// Answers with a problem, like every other refusal, what Kestrel refuses before any middleware has it: requests
    /// that are malformed, too long or too slow. It concerns the whole program, whatever else that serves.
    /// </summary>
    public static IApplicationBuilder UseDoorbusterServerRefusals(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        ServerRefusals.Attach(
            services.GetRequiredService<DiagnosticListener>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger<ServerRefusals>());
        return app;
    }

    /// <summary>
    /// Settings are checked when the host starts, which is later; a wrong one is told then, and here counts as none.
    /// </summary>
    private static bool HasPages(IServiceProvider services) =>
        !bool.TryParse(
            services.GetService<IConfiguration>()?[PagesEnabled], out var hasPages) || hasPages;

    private static Task WriteNotFoundAsync(HttpContext context)
    {
        Problem.Write(context, Refusals.NotFound);
        return Task.CompletedTask;
    }
}
