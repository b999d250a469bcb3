namespace Doorbuster.Conformance;

/// <summary>What becomes of one commit.</summary>
public enum CommitFault
{
    /// <summary>It goes through.</summary>
    None,

    /// <summary>Nothing is written, and the caller is told so.</summary>
    Failed,

    /// <summary>It is written, and the caller is told that nobody knows.</summary>
    UnknownAndDone,

    /// <summary>Nothing is written, and the caller is told that nobody knows.</summary>
    UnknownAndNotDone,
}
