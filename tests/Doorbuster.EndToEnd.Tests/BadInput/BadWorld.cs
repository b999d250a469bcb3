using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>
/// A server with a sale in every state and an order in most, whose requests would all succeed if nobody made them
/// wrong.
/// </summary>
internal sealed class BadWorld
{
    public const string Open = "open";
    public const string Paused = "paused";
    public const string Closed = "closed";
    public const string SoldOut = "sold-out";
    public const string Scheduled = "scheduled";

    private readonly Api _api;
    private readonly Dictionary<string, string> _orders = [];
    private readonly Dictionary<string, string> _tokens = new[] { Open, Paused, Closed, SoldOut, Scheduled }
        .ToDictionary(sale => sale, sale => PurchaseTokenForge.Genuine(sale, "anna"));

    private string _payment = "";
    private string _tag = "";
    private string _forgedKeyToken = "";

    private BadWorld(Server server)
    {
        _api = server.Api;
        Anna = server.Buyer("anna");
        Ben = server.Buyer("ben");
    }

    /// <summary>The buyer who calls.</summary>
    public Buyer Anna { get; }

    /// <summary>Another buyer, whose orders are none of Anna's business.</summary>
    public Buyer Ben { get; }

    public string Operator { get; } = Jwt.ForOperator();

    /// <summary>Anna's right to buy in the open sale.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Anna's right to buy in another.</summary>
    public string ForeignToken { get; private set; } = "";

    public string ForgedToken => _forgedKeyToken;

    public string ExpiredToken { get; } = PurchaseTokenForge.Expired(Open, "anna");

    public string ExpiredBearer { get; } =
        Jwt.Sign(Jwt.Payload("anna", new JsonObject { ["role"] = "operator", ["exp"] = 1_000_000_000 }));

    public string ForgedBearer { get; } =
        Jwt.Sign(Jwt.Payload("anna", new JsonObject { ["role"] = "operator" }), Keys.Foreign);

    public string UnsignedBearer { get; } =
        Jwt.Unsigned(Jwt.Payload("anna", new JsonObject { ["role"] = "operator" }), """{"alg":"none"}""");

    /// <summary>Anna's right to buy in any of the sales.</summary>
    public string TokenOf(string sale) => _tokens[sale];

    /// <summary>An order by what became of it: <c>mine</c>, <c>paid</c>, <c>cancelled</c>, <c>foreign</c>.</summary>
    public string Order(string what) => _orders[what];

    /// <summary>Opens the sales and makes the orders.</summary>
    public static async Task<BadWorld> BuildAsync(Server server)
    {
        var world = new BadWorld(server);
        await world.OpenSalesAsync(server);
        await world.MakeOrdersAsync();
        return world;
    }

    /// <summary>A request that succeeds.</summary>
    /// <param name="call">The call.</param>
    /// <param name="unique">A name that no other request has.</param>
    public Draft Good(ContractCall call, string unique)
    {
        var draft = new Draft(call) { Body = BodyOf(call.Name, unique) is { } body ? Encode(body) : null };
        draft.Name(call.Name switch
        {
            "cancelOrder" => Order("mine too"),
            "replayDeadLetter" => $"{Order("mine")}.0",
            _ when call.NamesOrder => Order("mine"),
            _ when call.NamesSale => Open,
            _ => "sold-out",
        });
        draft.Query.AddRange(call.Query.Where(parameter => parameter.IsRequired).Select(parameter => "saleId=open"));
        if (call.NeedsBearer)
        {
            draft.SetHeader("Authorization", $"Bearer {(call.IsOperators ? Operator : Anna.Jwt)}");
        }

        if (call.TakesPurchaseToken)
        {
            draft.SetHeader("Purchase-Token", Token);
        }

        if (call.HasHeader("Idempotency-Key"))
        {
            draft.SetHeader("Idempotency-Key", unique);
        }

        if (call.HasHeader("If-Match"))
        {
            draft.SetHeader("If-Match", _tag);
        }

        if (call.Name == "watchSale")
        {
            draft.SetHeader("Accept", "text/event-stream");
        }

        draft.Signing = call.IsSigned ? new Signing(unique, $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}") : null;
        return draft;
    }

    /// <summary>Everything that could have changed: sales, stock, orders, payments, events, and the audits.</summary>
    public async Task<string> StateAsync()
    {
        var text = new StringBuilder(await Snapshot.OfAsync(_api));
        foreach (var sale in new[] { Open, Paused, Closed, SoldOut, Scheduled })
        {
            foreach (var buyer in new[] { Anna, Ben })
            {
                var orders = await _api.GetAsync($"/v1/orders?saleId={sale}&buyerId={buyer.Id}&limit=100", Operator);
                text.Append(orders.Is(200).Body).Append('\n');
            }

            text.AppendJoin('\n', await Feed.ReadAsync(_api, sale, limit: 1_000)).Append('\n');
        }

        return text.ToString();
    }

    private async Task OpenSalesAsync(Server server)
    {
        var terms = new Terms(1_000) { PerBuyerLimit = 100, PaymentWindow = "PT24H" };
        foreach (var sale in new[] { Open, Paused, Closed })
        {
            await server.CreateSaleAsync(terms with { Id = sale });
        }

        await server.CreateSaleAsync(terms with { Id = SoldOut, Quantity = 1 });
        await server.CreateSaleAsync(terms with { Id = Scheduled, OpensIn = TimeSpan.FromDays(1) });
        (await _api.OperateAsync(Paused, "pause")).Is(200);
        (await _api.OperateAsync(Open, "replenish", """{"quantity":1,"requestId":"once"}""")).Is(200);
        (Token, ForeignToken) = (await Anna.TokenAsync(Open), await Anna.TokenAsync(Scheduled));
        _forgedKeyToken = PurchaseTokenForge.OfForeignKey(Open, Anna.Id);
    }

    private async Task MakeOrdersAsync()
    {
        foreach (var what in new[] { "mine", "mine too", "paid", "cancelled" })
        {
            _orders[what] = (await Anna.ClaimAsync(Open, what.Replace(' ', '-'))).Is(201).Text("id");
        }

        _orders["foreign"] = await Ben.OrderAsync(Open);
        await Anna.OrderAsync(SoldOut);
        await Ben.OrderAsync(Closed);
        (await _api.OperateAsync(Closed, "close")).Is(200);
        (await Anna.CancelAsync(Order("cancelled"))).Is(200);
        _payment = (await Anna.PayAsync(Order("mine"))).Is(201).Text("paymentId");
        var paid = (await Anna.PayAsync(Order("paid"))).Is(201).Text("paymentId");
        (await new Events(_api, TimeProvider.System).CaptureAsync(paid, Order("paid"))).Is(200);
        _tag = (await _api.SaleAsync(Open)).Header("ETag")!;
    }

    /// <summary>The body of a call that has one.</summary>
    private JsonObject? BodyOf(string call, string unique) => call switch
    {
        "createSale" => CompleteSale(unique),
        "changeSale" => new JsonObject { ["title"] = unique, ["description"] = "Said better." },
        "replenishSale" => new JsonObject { ["quantity"] = 5, ["requestId"] = unique },
        "claim" => new JsonObject { ["quantity"] = 1 },
        "cancelOrder" or "payOrder" or "pauseSale" or "resumeSale" or "closeSale" => [],
        "receivePaymentEvent" => Events.Body("payment.captured", _payment, Order("mine")),
        _ => null,
    };

    private static JsonObject CompleteSale(string unique)
    {
        var sale = (new Terms(1) { Id = unique.ToLowerInvariant(), ClosesIn = TimeSpan.FromDays(1) }).ToJson();
        sale["description"] = "All of it is said.";
        sale["imageUrl"] = "https://shop.example/one.png";
        sale["paymentWindow"] = "PT5M";
        return sale;
    }

    private static byte[] Encode(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body);
}
