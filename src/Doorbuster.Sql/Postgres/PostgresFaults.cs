using System.Net.Sockets;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>What an error of the database means, said once: here.</summary>
internal static class PostgresFaults
{
    private const string IdleInTransaction = "25P03";

    /// <summary>
    /// Whether the server itself said that it took a transaction back. Anything less says nothing about a commit: a
    /// connection that broke, a time-out of ours, and the word with which a server ends a session.
    /// </summary>
    public static bool IsRollback(Exception fault) => fault is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the data are refused: a constraint, or a value that no column takes.</summary>
    public static bool IsConstraint(Exception fault) =>
        fault is PostgresException { SqlState: ['2', '2' or '3', ..] };

    /// <summary>Whether a row of the same key is there already.</summary>
    public static bool IsDuplicate(Exception fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>
    /// Whether the server lets nobody in under our name now: who had worked before may again once its operator, or the
    /// service that knows passwords, is done.
    /// </summary>
    public static bool IsRefusedAtTheDoor(Exception fault) =>
        fault is PostgresException { InvariantSeverity: "FATAL", SqlState: ['2', '8', ..] or ['3', 'D', ..] };

    /// <summary>
    /// Whether it comes of the surroundings, so that the same may be done again: no connection, a server that stops or
    /// starts or lets nobody in, a full disk, a deadlock, a wait that took too long. What is left is a fault of ours or
    /// of the schema.
    /// </summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        PostgresException refused => IsOfTheSurroundings(refused.SqlState) || IsRefusedAtTheDoor(refused),
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>Whether the connection is gone, and another one may do.</summary>
    public static bool IsBrokenConnection(Exception fault) =>
        IsTransient(fault) && !IsRollback(fault)
        && fault is not TimeoutException && fault.InnerException is not TimeoutException;

    // https://www.postgresql.org/docs/15/errcodes-appendix.html: connection, transaction rollback, insufficient
    // resources, object in use, operator intervention, system error; a standby, and a session that lay idle too long.
    private static bool IsOfTheSurroundings(string state) =>
        state[..2] is "08" or "40" or "53" or "55" or "57" or "58"
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransaction;
}
