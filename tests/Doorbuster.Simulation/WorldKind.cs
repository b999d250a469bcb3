namespace Doorbuster.Simulation;

/// <summary>The kinds of worlds.</summary>
internal enum WorldKind
{
    /// <summary>One process, which owns its store and decides in its own memory.</summary>
    Embedded,

    /// <summary>Several nodes that share a gate in Redis and a store.</summary>
    Nodes,

    /// <summary>Several nodes that share a store, which is their gate itself.</summary>
    Database,
}
