using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>What happens at one payment, and what goes wrong with the events about it.</summary>
/// <param name="IsPaid">Whether the buyer pays; else the attempt is declined.</param>
/// <param name="Delay">The time until the first event.</param>
/// <param name="Repeat">How often each event is sent again under another event id.</param>
/// <param name="Reorder">Whether a failure from before is told after the capture.</param>
/// <param name="Twice">Whether the order is paid once more under a second payment id.</param>
/// <param name="Lose">Deliveries of each event that are lost.</param>
/// <param name="Alter">What is wrong in a capture.</param>
internal sealed record SandboxPlan(
    bool IsPaid, TimeSpan Delay, int Repeat, bool Reorder, bool Twice, int Lose, SandboxAlteration Alter)
{
    /// <summary>What the settings say, where a payment says nothing else.</summary>
    public static SandboxPlan Of(SandboxOptions options, bool isPaid) => new(
        isPaid, options.Delay, options.Repeat, options.Reorder, options.Twice, options.Lose, options.Alter);
}
