namespace Doorbuster.Sql;

/// <summary>Another process owns the order store; the message is written for the operator.</summary>
public sealed class StoreLockedException(string message) : Exception(message);
