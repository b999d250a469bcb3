using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Packages;

/// <summary>
/// The sample as a stranger has it: a copy of its folder, built with our packages, where our sources are not.
/// </summary>
[Collection<OfPackages>]
public sealed class EmbeddedSampleTests(PackageFeed feed) : IAsyncLifetime
{
    private readonly string _shop = Path.Combine(feed.Workshop, "shop");
    private readonly Api _api = new(Loopback.Address(Loopback.NextPort()), "/flash");
    private Child? _process;

    public async ValueTask InitializeAsync()
    {
        Copy(Path.Combine(SourceTree.Root, "samples", "Embedded"), _shop);
        await PackageFeed.DotnetAsync(
            _shop, "build", "-c", "Release", "-m:1", $"-p:DoorbusterVersion={PackageFeed.Version}");
        var urls = _api.Address.ToString();
        _process = Child.Start(
            Executable.Dotnet, [Path.Combine("bin", "Release", "net10.0", "Embedded.dll"), "--urls", urls], _shop);
        await Waiting.UntilAsync("the shop was open", IsOpenAsync);
    }

    [Fact]
    public async Task A_shop_with_its_own_sign_in_sells_through_the_package()
    {
        AssertIsBuiltWithPackages();
        Assert.Contains("/flash/v1/sales", (await _api.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Equal(404, (await _api.GetAsync("/v1/sales")).Status);

        var terms = new Terms(1) { Id = "lamp" }.ToJson().ToJsonString();
        (await _api.PostAsync("/flash/v1/sales", null, terms)).IsProblem(401, "unauthenticated");
        var anna = await SignInAsync("anna");
        (await _api.PostAsync("/flash/v1/sales", null, terms, anna)).IsProblem(403, "forbidden");
        var created = await _api.PostAsync("/flash/v1/sales", null, terms, await SignInAsync("olga"));
        Assert.Equal("/flash/v1/sales/lamp", created.Is(201).Header("Location"));

        Assert.Contains("/flash/pages/buyer-", (await _api.GetAsync("/flash/s/lamp")).Body, StringComparison.Ordinal);

        var order = (await BuyAsync(anna)).Is(201);

        var location = order.Header("Location")!;
        Assert.Equal($"/flash/v1/orders/{order.Text("id")}", location);
        Assert.Equal(order.Body, (await _api.GetAsync(location, null, anna)).Is(200).Body);
        var ben = await SignInAsync("ben");
        (await _api.GetAsync(location, null, ben)).IsProblem(404, "order-not-found");
        var refused = (await BuyAsync(ben)).IsProblem(409, "sold-out");
        Assert.Equal(refused.Text("title"), (await _api.GetAsync("/flash/problems/sold-out")).Is(200).Text("title"));
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_shop, recursive: true);
    }

    private async Task<bool> IsOpenAsync()
    {
        Assert.False(_process!.HasExited, _process.ToString());
        try
        {
            return (await _api.GetAsync("/flash/health/ready")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<(string, string)> SignInAsync(string name)
    {
        var form = $$"""{"name": "{{name}}", "password": "{{name}}-secret"}""";
        var answer = (await _api.PostAsync("/sign-in", null, form)).Is(204);
        return ("Cookie", answer.Header("Set-Cookie")!.Split(';')[0]);
    }

    private async Task<Answer> BuyAsync((string, string) customer)
    {
        var token = (await _api.PostAsync("/flash/v1/sales/lamp/purchase-tokens", null, null, customer)).Is(201);
        return await _api.PostAsync("/flash/v1/sales/lamp/orders", null, "{}", ("Purchase-Token", token.Text("token")));
    }

    private void AssertIsBuiltWithPackages()
    {
        var path = Path.Combine(_shop, "bin", "Release", "net10.0", "Embedded.deps.json");
        var libraries = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path)).GetProperty("libraries");
        foreach (var package in new[] { "Doorbuster", "Doorbuster.Sql", "Doorbuster.AspNetCore" })
        {
            var library = libraries.GetProperty($"{package}/{PackageFeed.Version}");
            Assert.Equal("package", library.GetProperty("type").GetString());
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => !IsMade(folder)))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static bool IsMade(string folder) => Path.GetFileName(folder) is "bin" or "obj" or "doorbuster-data";
}
