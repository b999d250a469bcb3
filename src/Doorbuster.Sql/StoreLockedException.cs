namespace Doorbuster.Sql;

/// <summary>Another process owns the order store, or nodes share it; written for the operator.</summary>
public sealed class StoreLockedException(string message) : Exception(message);
