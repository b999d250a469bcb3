namespace Doorbuster.Claims;

/// <summary>How a sale's gate stands. Unless it is <see cref="Open"/>, claims are told that there is none.</summary>
public enum GateStanding
{
    /// <summary>There is nothing.</summary>
    Missing,

    /// <summary>It was closed to everyone, to be opened under a higher epoch.</summary>
    Fenced,

    /// <summary>Parts of it are gone or of another age, or its server was restarted or has taken over.</summary>
    Damaged,

    /// <summary>It can be believed.</summary>
    Open,
}

/// <summary>What a look at a sale's gate found.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="Epoch">Its epoch; 0 where it is missing.</param>
/// <param name="View">The stock; null unless it is open.</param>
public readonly record struct GateLook(GateStanding Standing, long Epoch, StockView? View = null);
