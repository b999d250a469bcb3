using System.Text.RegularExpressions;
using Doorbuster.EndToEnd.Tests.Embedding;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Pages;

/// <summary>The pages as HTTP has them: what is there before any script runs, and who may keep it.</summary>
public sealed partial class PageTests(OpenShop shop)
{
    [Fact]
    public async Task A_sale_can_be_read_before_any_script_runs_and_is_the_same_for_everyone()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var buyer = shop.NewBuyer();

        var page = Html(await shop.Api.GetAsync($"/s/{sale}"));

        Assert.Contains("<h1>A thing on sale</h1>", page.Body, StringComparison.Ordinal);
        Assert.Contains("€19.99", page.Body, StringComparison.Ordinal);
        Assert.Contains("<noscript>", page.Body, StringComparison.Ordinal);
        Assert.StartsWith("public, max-age=", page.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(page.Body, (await shop.Api.GetAsync($"/s/{sale}", buyer.Jwt)).Body);
        var again = await shop.Api.GetAsync($"/s/{sale}", null, ("If-None-Match", page.Header("ETag")!));
        Assert.Equal((304, ""), (again.Status, again.Body));
    }

    [Fact]
    public async Task A_page_runs_nothing_but_files_of_its_own()
    {
        var page = Html(await shop.Api.GetAsync($"/s/{await shop.NewSaleAsync(new Terms(1))}"));

        var policy = page.Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.Body);
    }

    [Fact]
    public async Task What_a_seller_writes_stays_text()
    {
        // A shop of its own: the list shows so many sales, and no more.
        await using var own = await TurnedShop.OpenAsync();
        const string Id = "seller";
        var terms = new Terms(1) { Id = Id }.ToJson();
        terms["title"] = "\"><script>alert(1)</script>";
        terms["description"] = "First.\n\n<img src=x onerror=alert(1)>";
        terms["imageUrl"] = "https://pictures.example.com/a.png?x='\"><b>";
        (await own.Api.PostAsync("/v1/sales", Jwt.ForOperator(), terms.ToJsonString())).Is(201);

        foreach (var path in new[] { "/", $"/s/{Id}" })
        {
            var page = Html(await own.Api.GetAsync(path));

            Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", page.Body, StringComparison.Ordinal);
            Assert.Contains(
                "img-src 'self' https://pictures.example.com;",
                page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_is_kept_for_ever_and_comes_packed()
    {
        var page = Html(await shop.Api.GetAsync("/"));
        var files = Reference().Matches(page.Body).Select(match => match.Groups["path"].Value).ToList();

        Assert.Contains(files, file => file.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".css", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var plain = await shop.Api.GetAsync(file);
            Assert.Equal(200, plain.Status);
            Assert.Equal("public, max-age=31536000, immutable", plain.Header("Cache-Control"));
            foreach (var encoding in new[] { "br", "gzip" })
            {
                var packed = await shop.Api.GetAsync(file, null, ("Accept-Encoding", encoding));
                Assert.Equal((200, encoding), (packed.Status, packed.Header("Content-Encoding")));
                Assert.Equal("Accept-Encoding", packed.Header("Vary"));
                Assert.NotEqual(plain.Header("ETag"), packed.Header("ETag"));
            }
        }

        (await shop.Api.GetAsync("/pages/none.js")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task There_is_a_page_for_what_is_not_there()
    {
        foreach (var path in new[] { "/s/no-such-sale", "/o/no-such-order", "/o/no-such.0123456789abcdefghjkmnpqrs" })
        {
            var page = await shop.Api.GetAsync(path);

            Assert.Equal(404, page.Status);
            Assert.Contains("<h1 data-t=\"missing\">", page.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_may_name_the_language()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        var page = Html(await shop.Api.GetAsync($"/s/{sale}?lang=zh"));

        Assert.Contains("<html lang=\"zh-Hans\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("开售时间", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_a_prefix_everything_is_found_there()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);
        var terms = new Terms(1) { Id = "lamp" }.ToJson().ToJsonString();
        (await host.Api.PostAsync("/flash/v1/sales", null, terms, ("X-User", "owner"))).Is(201);

        var page = Html(await host.Api.GetAsync("/flash/s/lamp"));

        Assert.Contains("data-root=\"/flash\"", page.Body, StringComparison.Ordinal);
        var files = Reference().Matches(page.Body).Select(match => match.Groups["path"].Value).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.StartsWith("/flash/", file, StringComparison.Ordinal);
            Assert.Equal(200, (await host.Api.GetAsync(file)).Status);
        }
    }

    [Fact]
    public async Task Switched_off_there_are_none()
    {
        await using var host = await HostProgram.StartAsync(
            HostProgram.BelievingHeaders,
            new Dictionary<string, string?> { ["Doorbuster:Pages:Enabled"] = "false" });

        (await host.Api.GetAsync("/flash/")).IsProblem(404, "not-found");
        (await host.Api.GetAsync("/flash/s/lamp")).IsProblem(404, "not-found");
    }

    private static Answer Html(Answer answer)
    {
        Assert.Equal(200, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
        return answer;
    }

    [GeneratedRegex("(?:src|href)=\"(?<path>[^\"]*/pages/[^\"]+)\"")]
    private static partial Regex Reference();
}
