namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// Settings that nothing can be started with. It is thrown before anything is opened, with every violation at once, so
/// that they are all mended in one go.
/// </summary>
/// <param name="violations">One message each: the setting, the value found, what it may be, what to do.</param>
public sealed class InvalidSettingsException(IReadOnlyList<string> violations)
    : Exception(string.Join(Environment.NewLine, violations))
{
    /// <summary>One violation, found once the settings themselves were seen to be right.</summary>
    public InvalidSettingsException(string violation)
        : this([violation])
    {
    }

    /// <summary>Every violation: the setting, the value found, what it may be, what to do.</summary>
    public IReadOnlyList<string> Violations { get; } = violations;
}
