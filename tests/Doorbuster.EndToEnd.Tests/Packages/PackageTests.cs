using Xunit;

namespace Doorbuster.EndToEnd.Tests.Packages;

/// <summary>What is in our packages, beside code that works.</summary>
[Collection<OfPackages>]
public sealed class PackageTests(PackageFeed feed)
{
    private const string Home = "https://github.com/doorbuster/doorbuster";

    private const string Source =
        """^\{"documents":\{"/_/\*":"https://raw\.githubusercontent\.com/doorbuster/doorbuster/[0-9a-f]{40}/\*"\}\}$""";

    [Fact]
    public void Six_packages_are_made_and_no_others() =>
        Assert.Equal(
            new[]
            {
                "Doorbuster", "Doorbuster.AspNetCore", "Doorbuster.Cli", "Doorbuster.RabbitMq", "Doorbuster.Redis",
                "Doorbuster.Sql",
            }.Select(id => $"{id}.{PackageFeed.Version}.nupkg"),
            feed.Files.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Doorbuster")]
    [InlineData("Doorbuster.RabbitMq")]
    [InlineData("Doorbuster.Redis")]
    [InlineData("Doorbuster.Sql")]
    [InlineData("Doorbuster.AspNetCore")]
    [InlineData("Doorbuster.Cli")]
    public void A_package_says_what_it_is_whose_and_under_which_license(string id)
    {
        using var package = new PackageFile(feed.PathOf(id));

        Assert.Equal("MIT", package.Field("license")?.Value);
        Assert.NotEqual("Package Description", package.Field("description")?.Value);
        Assert.StartsWith($"# {id}\n", package.Text(package.Field("readme")!.Value), StringComparison.Ordinal);
        var repository = package.Field("repository")!;
        Assert.Equal(Home, repository.Attribute("url")?.Value);
        Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")?.Value);
    }

    [Theory]
    [InlineData("Doorbuster")]
    [InlineData("Doorbuster.RabbitMq")]
    [InlineData("Doorbuster.Redis")]
    [InlineData("Doorbuster.Sql")]
    [InlineData("Doorbuster.AspNetCore")]
    public void A_library_has_its_documentation_beside_it(string id)
    {
        using var package = new PackageFile(feed.PathOf(id));

        Assert.Contains("<summary>", package.Text($"lib/net10.0/{id}.xml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Doorbuster", "lib/net10.0/Doorbuster.dll")]
    [InlineData("Doorbuster.RabbitMq", "lib/net10.0/Doorbuster.RabbitMq.dll")]
    [InlineData("Doorbuster.Redis", "lib/net10.0/Doorbuster.Redis.dll")]
    [InlineData("Doorbuster.Sql", "lib/net10.0/Doorbuster.Sql.dll")]
    [InlineData("Doorbuster.AspNetCore", "lib/net10.0/Doorbuster.AspNetCore.dll")]
    [InlineData("Doorbuster.Cli", "tools/net10.0/any/Doorbuster.Cli.dll")]
    public void An_assembly_leads_a_debugger_to_its_published_sources_and_nowhere_else(string id, string assembly)
    {
        using var package = new PackageFile(feed.PathOf(id));

        var (link, documents) = package.Symbols(assembly);

        Assert.Matches(Source, link);
        Assert.NotEmpty(documents);
        Assert.All(documents, document => Assert.StartsWith("/_/", document, StringComparison.Ordinal));
    }

    [Fact]
    public void Packages_ask_for_each_other_in_the_version_they_were_made_with()
    {
        using var package = new PackageFile(feed.PathOf("Doorbuster.AspNetCore"));

        var ours = package.Metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .Where(dependency => dependency.Attribute("id")!.Value.StartsWith("Doorbuster", StringComparison.Ordinal))
            .ToDictionary(dependency => dependency.Attribute("id")!.Value, d => d.Attribute("version")!.Value);

        Assert.Equal(["Doorbuster", "Doorbuster.RabbitMq", "Doorbuster.Redis", "Doorbuster.Sql"], ours.Keys.Order());
        Assert.All(ours.Values, version => Assert.Equal(PackageFeed.Version, version));
    }
}
