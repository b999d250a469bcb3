namespace Doorbuster.Telemetry;

/// <summary>Whose transaction it is.</summary>
public enum CommitKind
{
    /// <summary>A batch of admitted claims.</summary>
    Claims,

    /// <summary>A batch of what becomes of orders: cancelled, expired, paid, refunded.</summary>
    Orders,
}
