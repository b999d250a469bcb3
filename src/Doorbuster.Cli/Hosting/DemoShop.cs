using System.Text.Json;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.Cli.Api;

namespace Doorbuster.Cli.Hosting;

/// <summary>The demo's server, with its one sale, in a temporary directory that goes when it closes.</summary>
internal sealed class DemoShop : IAsyncDisposable
{
    /// <summary>The sale's id.</summary>
    public const string Sale = "demo";

    /// <summary>How long a person has to look at the page before the doors open.</summary>
    public static readonly TimeSpan Countdown = TimeSpan.FromSeconds(5);

    /// <summary>How long a reservation waits: short, so that one sees what is never paid being sold again.</summary>
    private const string PaymentWindow = "PT3S";

    private readonly DirectoryInfo _directory;
    private readonly DoorbusterServer _server;

    private DemoShop(DirectoryInfo directory, DoorbusterServer server)
    {
        _directory = directory;
        _server = server;
        Tokens = TokenMinter.For(server.Options, TimeProvider.System);
    }

    /// <summary>The server's address.</summary>
    public Uri Address => _server.Addresses[0];

    /// <summary>Signs tokens that the server accepts.</summary>
    public TokenMinter Tokens { get; }

    /// <summary>Starts the server, creates the sale, and says where both are.</summary>
    /// <param name="quantity">Units on sale.</param>
    /// <param name="untilOpening">When the doors open, from now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DemoShop> OpenAsync(
        int quantity, TimeSpan untilOpening, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("doorbuster-demo-");
        DoorbusterServer? server = null;
        try
        {
            server = await DoorbusterServer.StartAsync(
                ServerSettings.Demo(directory.FullName), LogLevel.Warning, cancellationToken);
            var shop = new DemoShop(directory, server);
            await shop.CreateSaleAsync(quantity, untilOpening, cancellationToken);
            return shop;
        }
        catch
        {
            await CloseAsync(server, directory);
            throw;
        }
    }

    /// <summary>The audit of the sale.</summary>
    public async Task<AuditView> AuditAsync(CancellationToken cancellationToken)
    {
        using var api = new SalesApi(Address, Tokens.ForOperator());
        return (await api.AuditAsync(Sale, cancellationToken)).Deserialize(ApiJson.Default.AuditView)!;
    }

    /// <summary>Keeps the server up until it is told to stop.</summary>
    public Task ServeUntilAsync(CancellationToken stop) => _server.ServeUntilAsync(stop);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(_server, _directory);

    private static async ValueTask CloseAsync(DoorbusterServer? server, DirectoryInfo directory)
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        directory.Delete(recursive: true);
    }

    private async Task CreateSaleAsync(int quantity, TimeSpan untilOpening, CancellationToken cancellationToken)
    {
        using var api = new SalesApi(Address, Tokens.ForOperator());
        await api.CreateAsync(
            new NewSale(
                Sale,
                "The demo's doorbuster",
                Description: null,
                ImageUrl: null,
                quantity,
                new Price(1999, "EUR"),
                DateTimeOffset.UtcNow + untilOpening,
                PaymentWindow: PaymentWindow),
            cancellationToken);
        await Console.Error.WriteLineAsync($"server  {Address}");
        await Console.Error.WriteLineAsync($"sale    {new Uri(Address, $"/v1/sales/{Sale}")}");
    }
}
