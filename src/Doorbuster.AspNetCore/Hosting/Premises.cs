namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// Whether the doors are open: the way from a request to the engine. The engine is there from the moment its gates are
/// open until the server has answered its last request; whether the server is ready, health checks ask apart from that,
/// for a server that drains still answers whoever comes.
/// </summary>
internal sealed class Premises
{
    private volatile Shop? _shop;
    private volatile string? _notReady = "The gates are not open yet.";
    private volatile bool _hasLostSales;

    /// <summary>The engine; null before its gates are open and after it was closed.</summary>
    public Shop? Shop => _shop;

    /// <summary>What is not ready; null where everything is.</summary>
    public string? NotReady => _notReady;

    /// <summary>Whether the gate has given up a sale: then it does not know of every order.</summary>
    public bool HasLostSales => _hasLostSales;

    /// <summary>The gates are open.</summary>
    public void Open(Shop shop)
    {
        _shop = shop;
        _notReady = null;
    }

    /// <summary>No new buyers should be sent here; those who come are served.</summary>
    public void TurnAway(string reason) => _notReady = reason;

    /// <summary>The gate has given up a sale.</summary>
    public void LoseSale(SaleId sale)
    {
        _hasLostSales = true;
        TurnAway($"Another process changed sale '{sale}'; it is closed here until a restart.");
    }

    /// <summary>Nobody is served any more.</summary>
    public void Close() => _shop = null;
}
