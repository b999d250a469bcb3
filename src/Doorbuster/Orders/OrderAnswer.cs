using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>How a command ended.</summary>
public enum CommandOutcome
{
    /// <summary>It changed something.</summary>
    Done,

    /// <summary>What it asks for stands already.</summary>
    Stands,

    /// <summary>There is no such order, or no such payment.</summary>
    Unknown,

    /// <summary>The order, or the payment, is in a state that does not allow it.</summary>
    Refused,
}

/// <summary>The answer to a command: what stands now.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Order">The order, where there is one.</param>
/// <param name="Payment">The payment the command was about, where there is one.</param>
public readonly record struct OrderAnswer(CommandOutcome Outcome, Order? Order = null, Payment? Payment = null);
