namespace Doorbuster.Notification;

/// <summary>Why a watcher is told nothing more.</summary>
public enum WatchEnd
{
    /// <summary>It is told on.</summary>
    None,

    /// <summary>It stopped watching.</summary>
    Left,

    /// <summary>It took its messages too slowly: nobody reads what it is sent, and its connection is cut.</summary>
    TooSlow,

    /// <summary>The server stops: what waits is still to be sent, and then when to come back.</summary>
    Draining,
}
