using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void Sales_are_listed_in_the_order_of_their_ids_a_page_at_a_time()
    {
        var catalog = new Catalog();
        catalog.Add([Listing("b"), Listing("a0"), Listing("10")]);
        catalog.Add(Listing("a"));
        catalog.Add(Listing("9"));
        catalog.Add(Listing("a-1"));

        var pages = new List<string>();
        for (IReadOnlyList<Listing> page = catalog.Page(null, 2); page.Count > 0; page = catalog.Page(Id(page[^1]), 2))
        {
            pages.Add(string.Join(' ', page.Select(Id)));
        }

        Assert.Equal(["10 9", "a a-1", "a0 b"], pages);
        Assert.Equal(6, catalog.Count);
    }

    [Fact]
    public void A_page_goes_on_after_an_id_that_does_not_exist()
    {
        var catalog = new Catalog();
        catalog.Add([Listing("a"), Listing("c")]);

        Assert.Equal(["c"], catalog.Page("b", 10).Select(Id));
        Assert.Equal(["a", "c"], catalog.Page("", 10).Select(Id));
        Assert.Empty(catalog.Page("d", 10));
    }

    [Fact]
    public void Every_page_is_what_a_look_at_all_sales_would_give()
    {
        var catalog = new Catalog();
        catalog.Add([.. Enumerable.Range(0, 25).Select(n => Listing($"s{2 * n:00}"))]);
        var all = catalog.Page(null, int.MaxValue);

        foreach (var after in Enumerable.Range(0, 60).Select(n => $"s{n:00}").Prepend("").Append("z"))
        {
            foreach (var limit in (int[])[0, 1, 7, 25, int.MaxValue])
            {
                var expected = all.Where(sale => string.CompareOrdinal(Id(sale), after) > 0).Take(limit);
                Assert.Equal(expected, catalog.Page(after, limit));
            }
        }
    }

    [Fact]
    public void An_empty_catalog_has_an_empty_page() => Assert.Empty(new Catalog().Page(null, 10));

    [Fact]
    public void A_sale_is_found_by_the_exact_text_of_its_id()
    {
        var catalog = new Catalog();
        catalog.Add(Listing("drop"));

        Assert.True(catalog.TryFind("drop", out var found));
        Assert.Equal("drop", Id(found));
        Assert.False(catalog.TryFind("Drop", out _));
        Assert.False(catalog.TryFind("drop ", out _));
        Assert.False(catalog.TryFind("", out _));
        Assert.False(catalog.TryFind(null, out _));
    }

    [Fact]
    public void A_sale_that_is_added_again_replaces_what_was_known()
    {
        var catalog = new Catalog();
        catalog.Add(Listing("drop"));
        var newer = Listing("drop");
        catalog.Add(newer);

        Assert.Equal(1, catalog.Count);
        Assert.True(catalog.TryFind("drop", out var found));
        Assert.Same(newer, found);
        Assert.Same(newer, Assert.Single(catalog.Page(null, 10)));
    }

    [Fact]
    public async Task It_is_read_while_sales_are_added()
    {
        const int Sales = 300;
        var catalog = new Catalog();
        var adding = Task.Run(() =>
        {
            for (var i = 0; i < Sales; i++)
            {
                catalog.Add(Listing($"sale-{i:000}"));
            }
        });

        while (catalog.Count < Sales && !adding.IsFaulted)
        {
            var page = catalog.Page(null, Sales);
            Assert.Equal(page.Select(Id).Order(StringComparer.Ordinal), page.Select(Id));
            Assert.All(page, listing => Assert.True(catalog.TryFind(Id(listing), out _)));
        }

        await adding;
    }

    private static Listing Listing(string id) =>
        new(new(Samples.Sale(id), 1, new Stock(10, 10, 0, 0, 1), 0, new Holdings()));

    private static string Id(Listing listing) => listing.Sale.Id.ToString();
}
