using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Where things are, as a Location header says it: under the program's own base path and our prefix.</summary>
internal sealed class Links(string prefix)
{
    public string Sale(HttpContext context, SaleId sale) => $"{context.Request.PathBase}{prefix}/v1/sales/{sale}";

    public string Order(HttpContext context, string order) =>
        context.Request.PathBase.HasValue
            ? $"{context.Request.PathBase}{prefix}/v1/orders/{order}"
            : string.Concat(prefix, "/v1/orders/", order);
}
