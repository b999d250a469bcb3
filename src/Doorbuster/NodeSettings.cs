using Doorbuster.Payments;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster;

/// <summary>What every node has, whatever its store and gate are.</summary>
/// <param name="Provider">Takes the money; null where the shop has none.</param>
/// <param name="Limits">How far everything that grows may grow.</param>
/// <param name="Clock">The time.</param>
/// <param name="Lanes">How many lanes there are.</param>
/// <param name="Instruments">Measure what goes on; nothing is measured where null.</param>
/// <param name="Loggers">Take the log; nothing is logged where null.</param>
public sealed record NodeSettings(
    IPaymentProvider? Provider, Limits Limits, TimeProvider Clock, int Lanes = 1, Instruments? Instruments = null,
    ILoggerFactory? Loggers = null)
{
    /// <summary>
    /// The time after which no commit is in flight: what an audit finds changed in this time was in flight. It is
    /// longer than the store's own time-out.
    /// </summary>
    public TimeSpan LongestCommit { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What a node of several does.</summary>
[Flags]
public enum NodeRoles
{
    /// <summary>It answers buyers and operators.</summary>
    Api = 1,

    /// <summary>It makes orders of what gates have admitted, ends those that are due, and settles money.</summary>
    Worker = 2,

    /// <summary>Both.</summary>
    Both = Api | Worker,
}
