using Doorbuster.Admission;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Live;
using Doorbuster.AspNetCore.Payments;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Claims;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// The engine over a store that is open, with what the server has beside it. Endpoints are given it with each request,
/// so none of its parts is reachable before the store is.
/// </summary>
internal sealed class Shop
{
    public Shop(
        DoorbusterOptions options, OpenStore store, ServerKeys keys, HostIdentity? host, Till till, TimeProvider clock,
        RandomSource random, ILoggerFactory loggers, Instruments instruments)
    {
        // The store gives up a little after its time-out at the latest.
        var settings = new NodeSettings(till.Provider, options.Limits, clock, store.Lanes, instruments, loggers);
        if (options.Store == StoreKind.Postgres)
        {
            settings = settings with { LongestCommit = settings.LongestCommit + options.Postgres.CommandTimeout };
        }

        var roles = options.Roles switch
        {
            RoleKind.Api => NodeRoles.Api,
            RoleKind.Worker => NodeRoles.Worker,
            _ => NodeRoles.Both,
        };
        Node = store.Shared is { } shared ? new Node(shared, roles, settings)
            : store.AsGate is { } asGate ? new Node(asGate, roles, settings)
            : new Node(store.Ledger, store.Sales, store.Orders, settings);
        IGateReopening? reopening = Node.Gate is InMemoryGate own && store.Epochs is { } epochs
            ? new OwnGateReopening(own, epochs)
            : Node.Rebuilder;
        Repairer = new Repairer(Node.Auditor, store.Sales, store.Ledger, Node.Gate, reopening, Node.Catalog);
        Nodes = store.Nodes ?? new OwnNodeList(clock);
        Origins = new OriginRule(options.Cors.Origins);
        Audits = new Places(options.Limits.AuditsAtOnce);
        Till = till;
        HasPages = options.Pages.Enabled;
        Tokens = new PurchaseTokens(keys.PurchaseTokens, clock);
        TokenPace = new BuyerPace(options.PurchaseTokens, clock, random);
        Callers = new Callers(host, keys.AcceptTokens
            ? new BearerTokens(options.Identity, keys.Signing, clock, loggers.CreateLogger<BearerTokens>())
            : null);
        Guests = options.Identity.Guests ?? keys.SelfMade
            ? new TokenMinter(keys.Signing!, options.Identity, clock)
            : null;
    }

    /// <summary>The engine.</summary>
    public Node Node { get; }

    /// <summary>Every sale.</summary>
    public Catalog Catalog => Node.Catalog;

    /// <summary>Where watchers are told what happens.</summary>
    public LiveFeed Live => Node.Live;

    /// <summary>Where operators are told the figures.</summary>
    public BoardFeed Board => Node.Board;

    /// <summary>Which pages may watch.</summary>
    public OriginRule Origins { get; }

    /// <summary>Where orders are found.</summary>
    public OrderFinder Orders => Node.Finder;

    /// <summary>Where callers wait for what is queued; null where nothing is.</summary>
    public OrderWaits? Waits => Node.Waits;

    /// <summary>Where claims are decided.</summary>
    public IGate Gate => Node.Gate;

    /// <summary>
    /// Finds a sale by the text of its id; null where there is none. Where nodes share a store, another may have made
    /// it a moment ago.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nobody can tell now.</exception>
    public ValueTask<Listing?> FindAsync(string? sale) => Office.FindAsync(sale, CancellationToken.None);

    /// <summary>Where claims come in.</summary>
    public ClaimDesk Desk => Node.Desk;

    /// <summary>Where sales are created.</summary>
    public ISaleOffice Office => Node.Office;

    /// <summary>Where buyers and providers come in with what they want of an order.</summary>
    public OrderDesk OrderDesk => Node.OrderDesk;

    /// <summary>How money is taken.</summary>
    public Till Till { get; }

    /// <summary>Where a sale's transitions are read.</summary>
    public IOrderStore Events => Node.Events;

    /// <summary>Compares gate and store.</summary>
    public Auditor Auditor => Node.Auditor;

    /// <summary>Brings a gate back to what its store says.</summary>
    public Repairer Repairer { get; }

    /// <summary>The nodes there are.</summary>
    public INodeList Nodes { get; }

    /// <summary>How many audits and repairs may run at once.</summary>
    public Places Audits { get; }

    /// <summary>Whether there are pages to send people to.</summary>
    public bool HasPages { get; }

    /// <summary>Issues and checks purchase tokens.</summary>
    public PurchaseTokens Tokens { get; }

    /// <summary>How often a buyer takes one.</summary>
    public BuyerPace TokenPace { get; }

    /// <summary>Finds out who calls.</summary>
    public Callers Callers { get; }

    /// <summary>Signs the tokens of made-up buyers; null where there are no guests.</summary>
    public TokenMinter? Guests { get; }

    /// <summary>Takes no more watchers, and ends those there are.</summary>
    public void Drain()
    {
        Live.Drain();
        Board.Drain();
    }
}
