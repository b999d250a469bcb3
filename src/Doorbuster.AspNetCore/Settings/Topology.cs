namespace Doorbuster.AspNetCore.Settings;

/// <summary>Where claims are decided.</summary>
public enum GateKind
{
    /// <summary>In this process, which owns its store: one machine.</summary>
    Memory,

    /// <summary>In Redis, which nodes share.</summary>
    Redis,

    /// <summary>In the order store itself, which nodes share.</summary>
    Database,
}

/// <summary>Where orders are kept.</summary>
public enum StoreKind
{
    /// <summary>In a SQLite file of the data directory; nothing to install.</summary>
    Sqlite,

    /// <summary>In a database of a PostgreSQL server.</summary>
    Postgres,
}

/// <summary>What carries admitted claims from the gate to the store.</summary>
public enum QueueKind
{
    /// <summary>Nothing: gate and store commit together.</summary>
    None,

    /// <summary>The stream in Redis that the gate writes, which workers read.</summary>
    RedisStream,

    /// <summary>RabbitMQ, to which workers bring what the stream has, and from which they take it.</summary>
    Rabbitmq,
}

/// <summary>What a node of several does.</summary>
public enum RoleKind
{
    /// <summary>It answers buyers and operators, and works.</summary>
    Both,

    /// <summary>It answers buyers and operators.</summary>
    Api,

    /// <summary>It makes orders of what the gate has admitted, ends those that are due, and settles money.</summary>
    Worker,
}

/// <summary>Who takes the money.</summary>
public enum PaymentProviderKind
{
    /// <summary>The shop's own server: signed calls to an address of its choice.</summary>
    Http,

    /// <summary>Pages of this server with which payments are tried out; no money moves.</summary>
    Sandbox,
}
