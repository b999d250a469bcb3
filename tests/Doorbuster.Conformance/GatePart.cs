namespace Doorbuster.Conformance;

/// <summary>The parts of a sale's gate that can be lost by themselves.</summary>
public enum GatePart
{
    /// <summary>What is left, and on what terms.</summary>
    Gate,

    /// <summary>Who holds what.</summary>
    Buyers,

    /// <summary>The claim log.</summary>
    Log,
}
