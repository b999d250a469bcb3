using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Where things are, as a Location header says it: under the program's own base path and our prefix.</summary>
internal sealed class Links(string prefix)
{
    private readonly string _orders = $"{prefix}/v1/orders/";

    public string Sale(HttpContext context, SaleId sale) => $"{context.Request.PathBase}{prefix}/v1/sales/{sale}";

    /// <summary>It ends with the order's id.</summary>
    public string Order(HttpContext context, OrderId order)
    {
        var before = context.Request.PathBase.HasValue ? $"{context.Request.PathBase}{_orders}" : _orders;
        return string.Create(before.Length + order.Length, (before, order), static (link, of) =>
        {
            of.before.CopyTo(link);
            of.order.TryFormat(link[of.before.Length..], out _);
        });
    }
}
