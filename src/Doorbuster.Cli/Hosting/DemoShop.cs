using System.Text.Json;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.Cli.Api;

namespace Doorbuster.Cli.Hosting;

/// <summary>
/// The demo's server, with a sale for the crowd and one more to take part in, in a temporary directory that goes when
/// it closes.
/// </summary>
internal sealed class DemoShop : IAsyncDisposable
{
    /// <summary>The sale's id.</summary>
    public const string Sale = "demo";

    /// <summary>How long a person has to look at the page before the doors open.</summary>
    public static readonly TimeSpan Countdown = TimeSpan.FromSeconds(5);

    /// <summary>The id of the sale that comes after it, on which whoever watches may buy too.</summary>
    public const string Encore = "encore";

    /// <summary>Units of that sale.</summary>
    public const int EncoreQuantity = 60;

    /// <summary>How long a person has to open its page.</summary>
    public static readonly TimeSpan EncoreCountdown = TimeSpan.FromSeconds(20);

    /// <summary>Long enough for a person at the checkout, and short enough to see units come back.</summary>
    private const string EncoreWindow = "PT45S";

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
            await shop.CreateSaleAsync(
                Sale, "A brass lamp", quantity, untilOpening, PaymentWindow, cancellationToken);
            await shop.SayWhereAsync();
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

    /// <summary>Creates the sale that whoever watches may take part in, and says where it is.</summary>
    public async Task BeginEncoreAsync(CancellationToken cancellationToken)
    {
        await CreateSaleAsync(
            Encore, "Another brass lamp", EncoreQuantity, EncoreCountdown, EncoreWindow, cancellationToken);
        await Console.Error.WriteLineAsync(
            $"Your turn: {PageOf(Encore)} opens in {EncoreCountdown.TotalSeconds:0} s. A small crowd buys, pays and "
            + "gives back beside you.");
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

    private Uri PageOf(string sale) => new(Address, $"/s/{sale}");

    /// <summary>Where people look, and how an operator signs in.</summary>
    private async Task SayWhereAsync()
    {
        await Console.Error.WriteLineAsync($"buyers    {PageOf(Sale)}");
        await Console.Error.WriteLineAsync($"operator  {new Uri(Address, "/operator")} signs in with this token:");
        await Console.Error.WriteLineAsync(Tokens.ForOperator());
    }

    private async Task CreateSaleAsync(
        string id, string title, int quantity, TimeSpan untilOpening, string paymentWindow,
        CancellationToken cancellationToken)
    {
        using var api = new SalesApi(Address, Tokens.ForOperator());
        await api.CreateAsync(
            new NewSale(
                id,
                title,
                $"Warm light, a heavy foot, and only {quantity:N0} of them.\n\nThis is a demo: no money moves.",
                new Uri(Address, "/pages/lamp-1.svg").ToString(),
                quantity,
                new Price(1999, "EUR"),
                DateTimeOffset.UtcNow + untilOpening,
                PaymentWindow: paymentWindow),
            cancellationToken);
    }
}
