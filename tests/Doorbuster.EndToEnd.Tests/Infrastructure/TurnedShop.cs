using Doorbuster.AspNetCore;
using Doorbuster.Conformance;
using Doorbuster.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A program that hosts Doorbuster, with a payment provider of its own and a clock that a test turns. It is called over
/// HTTP like any other.
/// </summary>
internal sealed class TurnedShop : IAsyncDisposable
{
    private readonly DataDirectory _data = new();
    private readonly WebApplication _app;
    private int _names;

    private TurnedShop(
        IReadOnlyDictionary<string, string?> settings, bool hasProvider, Action<IServiceCollection>? configure)
    {
        var now = DateTimeOffset.UtcNow;
        Clock = new VirtualTimeProvider(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        var port = Loopback.NextPort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Loopback.Address(port).ToString());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Doorbuster:DataDirectory"] = _data.Path,
            ["Doorbuster:Identity:SigningKey"] = Keys.Signing,
            ["Doorbuster:Payments:WebhookSecrets:0"] = Keys.Webhook,
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        if (hasProvider)
        {
            builder.Services.AddSingleton<IPaymentProvider>(Provider);
        }

        configure?.Invoke(builder.Services);
        builder.Services.AddDoorbuster();
        _app = builder.Build();
        _app.MapDoorbuster();
        Api = new Api(Loopback.Address(port));
        Events = new Events(Api, Clock);
    }

    public VirtualTimeProvider Clock { get; }

    public RecordingProvider Provider { get; } = new();

    public Api Api { get; }

    public Events Events { get; }

    /// <summary>Opens it.</summary>
    /// <param name="settings">Settings beside the usual.</param>
    /// <param name="hasProvider">Whether it has the provider of its own; else the settings' one.</param>
    /// <param name="configure">Services that come before Doorbuster's.</param>
    public static async Task<TurnedShop> OpenAsync(
        IReadOnlyDictionary<string, string?>? settings = null,
        bool hasProvider = true,
        Action<IServiceCollection>? configure = null)
    {
        var shop = new TurnedShop(settings ?? new Dictionary<string, string?>(), hasProvider, configure);
        await shop._app.StartAsync();
        return shop;
    }

    /// <summary>A buyer whom this shop has not seen.</summary>
    public Buyer NewBuyer() => new(Api, $"buyer-{Interlocked.Increment(ref _names)}");

    /// <summary>Where buyers look at a sale.</summary>
    public Uri PageOf(string sale) => new(Api.Address, $"/s/{sale}");

    /// <summary>
    /// A sale whose terms are by the shop's clock, open where they say no more, with a payment window of ten minutes.
    /// </summary>
    public async Task<string> NewSaleAsync(Terms terms)
    {
        var body = (terms with { Id = $"sale-{Interlocked.Increment(ref _names)}" }).ToJson();
        body["opensAt"] = Terms.Time(Clock.GetUtcNow() + terms.OpensIn);
        return (await Api.PostAsync("/v1/sales", Jwt.ForOperator(), body.ToJsonString())).Is(201).Text("id");
    }

    /// <summary>Turns the clock on until something holds, so that whatever waits for the time goes on.</summary>
    public Task UntilAsync(string what, Func<Task<bool>> holds) => Waiting.UntilAsync(what, async () =>
    {
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        return await holds();
    });

    /// <summary>Turns the clock on until an order has this status.</summary>
    public Task UntilStatusAsync(Buyer buyer, string order, string status) => UntilAsync(
        $"the order was {status}", async () => (await buyer.ReadAsync(order)).Text("status") == status);

    /// <summary>Turns the clock on until the payment that an order shows has this status.</summary>
    public Task UntilPaymentAsync(Buyer buyer, string order, string status) => UntilAsync(
        $"the payment was {status}",
        async () => (await buyer.ReadAsync(order)).Json.TryGetProperty("payment", out var payment)
            && payment.GetProperty("status").GetString() == status);

    /// <summary>
    /// Turns the clock to the end of an order's payment window, until the order has expired and its units are the
    /// gate's again, which is after the store has them.
    /// </summary>
    public async Task ExpireAsync(Buyer buyer, string order)
    {
        var sale = (await buyer.ReadAsync(order)).Text("saleId");
        Clock.Advance(TimeSpan.FromMinutes(10));
        await UntilStatusAsync(buyer, order, "expired");
        await UntilAsync("the gate had its units", async () =>
        {
            var audit = await AuditAsync(sale);
            return audit.Number("gateAvailable") == audit.Number("available");
        });
    }

    /// <summary>Turns the clock so far that whoever waits to try again has tried.</summary>
    public async Task SettleAsync()
    {
        for (var i = 0; i < 40; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(5));
            (await Api.GetAsync("/health/ready")).Is(200);
        }
    }

    /// <summary>The audit of a sale.</summary>
    public async Task<Answer> AuditAsync(string sale)
    {
        var audit = (await Api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator())).Is(200);
        Xunit.Assert.True(audit.Json.GetProperty("lawHolds").GetBoolean(), audit.ToString());
        return audit;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _app.DisposeAsync();
        _data.Dispose();
    }
}
