using System.Runtime.Versioning;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.EndToEnd.Tests.Pages;
using Xunit;

// Signals, strace and mounts: these tests are for Linux.
[assembly: SupportedOSPlatform("linux")]
[assembly: AssemblyFixture(typeof(OpenShop))]
[assembly: AssemblyFixture(typeof(Chrome))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// One server for every test that only talks to it; each test has sales and buyers of its own. A class whose tests look
/// at all that the server holds asks for one of its own, as a class fixture.
/// </summary>
public sealed class OpenShop : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private Server? _server;
    private int _names;

    internal Server Server => _server!;

    internal Api Api => Server.Api;

    /// <summary>Tells the server what a payment provider would.</summary>
    internal Events Events => new(Api, TimeProvider.System);

    public async ValueTask InitializeAsync() => _server = await Server.StartAsync(new ServerPlan(_data.Path));

    /// <summary>A name that no other test has.</summary>
    internal string Name(string of) => $"{of}-{Interlocked.Increment(ref _names)}";

    /// <summary>A buyer whom no other test has.</summary>
    internal Buyer NewBuyer() => Server.Buyer(Name("buyer"));

    /// <summary>A sale that no other test has.</summary>
    internal Task<string> NewSaleAsync(Terms terms) => Server.CreateSaleAsync(terms with { Id = Name("sale") });

    /// <summary>The page of a sale, as the shop hands its buyer over to it.</summary>
    internal Uri PageOf(string sale, Buyer buyer) => new(Api.Address, $"/s/{sale}#token={buyer.Jwt}");

    /// <summary>Waits until a sale is closed.</summary>
    internal Task<Answer> ClosedAsync(string sale) => Answers.UntilAsync(
        "the sale was closed", () => Api.SaleAsync(sale), answer => answer.Text("state") == "closed");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }
}
