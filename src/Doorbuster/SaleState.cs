namespace Doorbuster;

/// <summary>Where a sale is in its life.</summary>
public enum SaleState
{
    /// <summary>Its opening lies ahead.</summary>
    Scheduled,

    /// <summary>Claims are decided.</summary>
    Open,

    /// <summary>An operator holds it; claims are refused until it is resumed.</summary>
    Paused,

    /// <summary>Final: no new claim is ever admitted.</summary>
    Closed,
}
