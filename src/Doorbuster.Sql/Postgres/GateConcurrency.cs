namespace Doorbuster.Sql.Postgres;

/// <summary>How transactions that want units of the same sale keep out of each other's way.</summary>
public enum GateConcurrency
{
    /// <summary>
    /// Each locks the sale's row before it reads, and takes from it what is there: they come one after another, and
    /// none is in vain.
    /// </summary>
    Conditional,

    /// <summary>
    /// Each reads without a lock and takes from the row only if its version is still the one that was read; otherwise
    /// it begins again.
    /// </summary>
    Optimistic,
}
