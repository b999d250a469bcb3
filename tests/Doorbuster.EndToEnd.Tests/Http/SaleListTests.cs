using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/sales: every sale once, however small the parts.</summary>
public sealed class SaleListTests(OpenShop shop)
{
    [Fact]
    public async Task Cursors_lead_through_every_sale_once()
    {
        var created = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            created.Add(await shop.NewSaleAsync(new Terms(i + 1)));
        }

        var seen = new List<string>();
        var next = "";
        do
        {
            var part = (await shop.Api.GetAsync($"/v1/sales?limit=2{next}")).Is(200).Json;
            var items = part.GetProperty("items").EnumerateArray().ToList();
            Assert.InRange(items.Count, 1, 2);
            seen.AddRange(items.Select(item => item.GetProperty("id").GetString()!));
            next = part.GetProperty("next").GetString() is { } cursor ? $"&cursor={Uri.EscapeDataString(cursor)}" : "";
        }
        while (next.Length > 0);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(created.Order(), seen.Intersect(created).Order());
    }

    [Fact]
    public async Task A_sale_in_a_list_is_as_it_is_alone()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var alone = (await shop.Api.SaleAsync(sale)).Is(200).Json;

        var found = await FindAsync(sale);

        Assert.Equal(
            alone.EnumerateObject().Where(p => p.Name != "now").Select(p => p.ToString()),
            found.EnumerateObject().Where(p => p.Name != "now").Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=NO!", "cursor")]
    [InlineData("limit=x&cursor=%00", "limit", "cursor")]
    public async Task A_part_that_cannot_be_is_refused(string query, params string[] names) =>
        (await shop.Api.GetAsync($"/v1/sales?{query}")).PointsAt(names);

    private async Task<JsonElement> FindAsync(string sale)
    {
        for (var next = ""; ;)
        {
            var part = (await shop.Api.GetAsync($"/v1/sales?limit=100{next}")).Is(200).Json;
            foreach (var item in part.GetProperty("items").EnumerateArray())
            {
                if (item.GetProperty("id").GetString() == sale)
                {
                    return item;
                }
            }

            next = $"&cursor={part.GetProperty("next").GetString()}";
        }
    }
}
