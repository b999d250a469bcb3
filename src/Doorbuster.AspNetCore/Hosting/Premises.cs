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
    private volatile IReadOnlyList<string> _hindrances = [];

    /// <summary>What the paths of our endpoints begin with, once mapped; nothing, or a slash and more.</summary>
    public string Root { get; set; } = "";

    /// <summary>The engine; null before its gates are open and after it was closed.</summary>
    public Shop? Shop => _shop;

    /// <summary>What is not ready, in words; empty where everything is.</summary>
    public IReadOnlyList<string> NotReady => _notReady is { } reason ? [reason, .. _hindrances] : _hindrances;

    /// <summary>The gates are open.</summary>
    /// <param name="shop">The engine; null where this node serves nobody, and only works.</param>
    public void Open(Shop? shop)
    {
        _shop = shop;
        _notReady = null;
    }

    /// <summary>What is amiss with the servers behind this one, as it was last seen; empty where nothing is.</summary>
    public void Hinder(IReadOnlyList<string> hindrances) => _hindrances = hindrances;

    /// <summary>No new buyers should be sent here; those who come are served.</summary>
    public void TurnAway(string reason) => _notReady = reason;

    /// <summary>
    /// The gate has given up a sale: whoever took it has the whole store, so what is known here is old (F18).
    /// </summary>
    public void LoseSale(SaleId sale)
    {
        TurnAway($"Another process changed sale '{sale}': the store is no longer ours, and nothing is sold here.");
        Close();
    }

    /// <summary>Nobody is served any more.</summary>
    public void Close() => _shop = null;
}
