namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The advisory locks we use, as pairs of numbers: the first says what for, and is unlikely to be anybody else's in the
/// same database.
/// </summary>
internal static class AdvisoryLocks
{
    /// <summary>Schemas are migrated one after another.</summary>
    public const string Migration = "1146048117, 1";

    /// <summary>Who works on the store of this schema: one process alone, or many nodes that share it.</summary>
    public const string Ownership = "1146048118, 'ownership'::regclass::oid::integer";

    /// <summary>That lock among the rows of <c>pg_locks</c>.</summary>
    public const string IsOwnership = "classid = 1146048118 AND objid = 'ownership'::regclass::oid";

    /// <summary>What nodes have beside their share of it whose gate is the store itself.</summary>
    public const string OfGates = "'ownership'::regclass::oid::integer, 1146048118";

    /// <summary>That lock among the rows of <c>pg_locks</c>.</summary>
    public const string IsOfGates = "classid = 'ownership'::regclass::oid AND objid = 1146048118";

    /// <summary>
    /// The creation of the sale of this id, which has no row to lock yet. Two ids of one hash only wait for each other.
    /// </summary>
    public const string Creation = "1146048119, hashtext($1)";
}
