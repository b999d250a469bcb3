namespace Doorbuster;

/// <summary>
/// Why the store could not keep what a gate had admitted; the numbers are the store's and never change their meaning.
/// </summary>
public enum RejectionReason : byte
{
    /// <summary>The gate had promised units that there were not.</summary>
    NoUnitsLeft = 1,

    /// <summary>The gate had not known all that the buyer holds.</summary>
    BuyerLimit = 2,

    /// <summary>The gate was rebuilt before the store had the claim.</summary>
    AdmissionLost = 3,

    /// <summary>An operator had changed price, opening or limit before.</summary>
    TermsChanged = 4,

    /// <summary>It could not be written, and nobody mended that in time.</summary>
    Failed = 5,
}
