using Doorbuster.Servers;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>Tells the parts of PostgreSQL's protocol apart that a test wants to see go wrong.</summary>
internal static class PostgresWire
{
    /// <summary>
    /// That the server is ready for the next command, within a transaction or outside of one; see
    /// https://www.postgresql.org/docs/15/protocol-message-formats.html.
    /// </summary>
    private static readonly byte[] ReadyInTransaction = [(byte)'Z', 0, 0, 0, 5, (byte)'T'];

    private static readonly byte[] ReadyIdle = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    /// <summary>The next command that comes within a transaction: our second round trip, which commits.</summary>
    public static LostCommand NextCommit(this FaultProxy proxy, WireFault fault) =>
        proxy.Next(fault, (_, answered) => answered.Span.EndsWith(ReadyInTransaction));

    /// <summary>The next look at whether the server is there, by the session that holds the store's lock.</summary>
    public static LostCommand NextPulse(this FaultProxy proxy, WireFault fault) =>
        proxy.Next(fault, (command, _) => command.Span.IndexOf("SELECT 1"u8) >= 0);

    /// <summary>
    /// The next command that comes outside of one: our first round trip, and not the pulse of the owner's lock.
    /// </summary>
    public static LostCommand NextBegin(this FaultProxy proxy, WireFault fault) =>
        proxy.Next(fault, (command, answered) =>
            answered.Span.EndsWith(ReadyIdle) && command.Span.IndexOf("SELECT 1"u8) < 0);
}
