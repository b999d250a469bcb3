namespace Doorbuster.Sql.Sqlite;

/// <summary>Another process owns the data directory; the message is written for the operator.</summary>
public sealed class StoreLockedException(string message) : Exception(message);
