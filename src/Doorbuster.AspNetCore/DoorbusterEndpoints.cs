using System.Diagnostics;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore;

/// <summary>Puts Doorbuster's HTTP interface into a program.</summary>
public static class DoorbusterEndpoints
{
    /// <summary>
    /// Maps every resource of the HTTP contract. It needs <see cref="DoorbusterServices.AddDoorbuster"/>.
    /// </summary>
    /// <param name="endpoints">The program's endpoints.</param>
    /// <param name="prefix">What every path begins with, such as <c>/shop</c>; nothing by default.</param>
    public static IEndpointRouteBuilder MapDoorbuster(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        var services = endpoints.ServiceProvider;
        var premises = services.GetRequiredService<Premises>();
        var clock = services.GetRequiredService<TimeProvider>();
        var random = services.GetRequiredService<RandomSource>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Doorbuster.AspNetCore.Endpoints");
        var root = prefix.Trim('/') is { Length: > 0 } path ? $"/{path}" : "";

        var links = new Links(root);
        var map = new ResourceMap(endpoints, root, premises, logger);
        var sales = new SaleEndpoints(premises, links, clock, random, logger);
        var tokens = new TokenEndpoints(clock, random);
        var claim = new ClaimEndpoint(new ClaimReader(premises, random), links, logger);
        var health = new HealthEndpoints(premises);

        map.Map("/v1/sales", get: map.AtShop(sales.ListAsync), post: map.AtShop(sales.CreateAsync));
        map.Map("/v1/sales/{id}", get: sales.ShowAsync);
        map.Map("/v1/sales/{id}/audit", get: map.AtShop(AuditEndpoint.ShowAsync));
        map.Map("/v1/sales/{id}/purchase-tokens", post: map.AtShop(tokens.IssueAsync));
        map.Map("/v1/sales/{id}/orders", post: claim.InvokeAsync);
        map.Map("/v1/orders", get: map.AtShop(OrderEndpoints.ListAsync));
        map.Map("/v1/orders/{id}", get: map.AtShop(OrderEndpoints.ShowAsync));
        map.Map("/v1/guests", post: map.AtShop(tokens.MakeGuestAsync));
        map.Map("/health/live", get: HealthEndpoints.LiveAsync);
        map.Map("/health/ready", get: health.ReadyAsync);
        map.Map("/problems/{name}", get: ProblemEndpoint.ShowAsync);
        return endpoints;
    }

    /// <summary>
    /// Answers requests that no endpoint takes with a problem, like every other refusal. Use it last, in a program that
    /// serves nothing else where its endpoints end.
    /// </summary>
    public static IApplicationBuilder UseDoorbusterNotFound(this IApplicationBuilder app) =>
        app.Use(next => context =>
        {
            if (context.GetEndpoint() is not null)
            {
                return next(context);
            }

            Problem.Write(context, Refusals.NotFound);
            return Task.CompletedTask;
        });

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
}
