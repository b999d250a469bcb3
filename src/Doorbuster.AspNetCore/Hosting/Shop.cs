using Doorbuster.Admission;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Live;
using Doorbuster.AspNetCore.Payments;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// The engine, put together around a store that is open. Endpoints are given it with each request, so none of its parts
/// is reachable before the store is.
/// </summary>
internal sealed class Shop
{
    /// <summary>No commit is in flight for longer; what an audit finds changed in this time was in flight.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(5);

    public Shop(
        DoorbusterOptions options, OpenStore store, ServerKeys keys, HostIdentity? host, Till till, TimeProvider clock,
        RandomSource random, ILoggerFactory loggers)
    {
        Catalog = new Catalog();
        Live = new LiveFeed(Catalog, options.Limits, clock);
        Origins = new OriginRule(options.Cors.Origins);
        Ledger = store.Ledger;
        Gate = new InMemoryGate(store.Ledger, clock, options.Limits.OrdersPerBuyer, Live);

        // SQLite has one writer, so one lane; more would only wait for each other.
        Lanes = new Lanes(Gate, options.Limits, count: 1, clock);
        Desk = new ClaimDesk(Lanes, store.Ledger, clock);
        Office = new SaleOffice(store.Sales, Gate, Catalog, options.Limits, clock, Live);
        Orders = new OrderQueue(
            store.Orders, new Aftermath(Gate, Catalog, Live), options.Limits, clock);
        OrderDesk = new OrderDesk(Orders, till.Provider);
        Expirer = new Expirer(store.Orders, Orders, options.Limits, clock);
        Settlement = new Settlement(
            store.Orders, store.Ledger, Catalog, Lanes, OrderDesk, till.Provider, Live, clock);
        Till = till;
        Events = store.Orders;
        Auditor = new Auditor(store.Sales, Gate, clock, LongestCommit);
        Tokens = new PurchaseTokens(keys.PurchaseTokens, clock);
        TokenPace = new BuyerPace(options.PurchaseTokens, clock, random);
        Callers = new Callers(host, keys.AcceptTokens
            ? new BearerTokens(options.Identity, keys.Signing, clock, loggers.CreateLogger<BearerTokens>())
            : null);
        Guests = options.Identity.Guests ?? keys.SelfMade
            ? new TokenMinter(keys.Signing!, options.Identity, clock)
            : null;
    }

    /// <summary>Takes nothing more; what waits is decided and written.</summary>
    public void Complete()
    {
        Lanes.Complete();
        Orders.Complete();
    }

    /// <summary>Every sale.</summary>
    public Catalog Catalog { get; }

    /// <summary>Where watchers are told what happens.</summary>
    public LiveFeed Live { get; }

    /// <summary>Which pages may watch.</summary>
    public OriginRule Origins { get; }

    /// <summary>Where orders are read.</summary>
    public ILedger Ledger { get; }

    /// <summary>Where claims are decided.</summary>
    public InMemoryGate Gate { get; }

    /// <summary>Where claims wait.</summary>
    public Lanes Lanes { get; }

    /// <summary>Where claims come in.</summary>
    public ClaimDesk Desk { get; }

    /// <summary>Where sales are created.</summary>
    public SaleOffice Office { get; }

    /// <summary>Where what becomes of orders waits to be written.</summary>
    public OrderQueue Orders { get; }

    /// <summary>Where buyers and providers come in with what they want of an order.</summary>
    public OrderDesk OrderDesk { get; }

    /// <summary>Ends reservations whose window is over.</summary>
    public Expirer Expirer { get; }

    /// <summary>Settles late money and refunds.</summary>
    public Settlement Settlement { get; }

    /// <summary>How money is taken.</summary>
    public Till Till { get; }

    /// <summary>Where a sale's transitions are read.</summary>
    public IOrderStore Events { get; }

    /// <summary>Compares gate and store.</summary>
    public Auditor Auditor { get; }

    /// <summary>Issues and checks purchase tokens.</summary>
    public PurchaseTokens Tokens { get; }

    /// <summary>How often a buyer takes one.</summary>
    public BuyerPace TokenPace { get; }

    /// <summary>Finds out who calls.</summary>
    public Callers Callers { get; }

    /// <summary>Signs the tokens of made-up buyers; null where there are no guests.</summary>
    public TokenMinter? Guests { get; }
}
