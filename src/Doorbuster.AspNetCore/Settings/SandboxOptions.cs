using System.ComponentModel.DataAnnotations;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// What the sandbox does to its events where a payment does not say otherwise (<c>Doorbuster:Payments:Sandbox</c>): by
/// default it sends each once, at once and truly. What it makes go wrong here is what goes wrong with a provider.
/// </summary>
public sealed record SandboxOptions
{
    /// <summary>
    /// Where buyers, and the sandbox itself, reach this server, such as <c>https://shop.example.com/drops</c>. Default:
    /// an address it listens on. A node with the role <c>worker</c> alone answers no events: there it must be set, to
    /// the address of one that answers.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>The time between what happens and its event. Up to an hour; default none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Delay { get; init; }

    /// <summary>How often an event is sent again under another event id. Up to 10; default 0.</summary>
    [Range(0, 10)]
    public int Repeat { get; init; }

    /// <summary>
    /// Whether a payment is captured first, and then said to have failed before: two events in the wrong order.
    /// </summary>
    public bool Reorder { get; init; }

    /// <summary>Whether each capture is followed by another of the same order, under a second payment id.</summary>
    public bool Twice { get; init; }

    /// <summary>Deliveries of each event that are lost before one is sent. Up to 10; default 0.</summary>
    [Range(0, 10)]
    public int Lose { get; init; }

    /// <summary>What is wrong in a capture; default nothing.</summary>
    public SandboxAlteration Alter { get; init; } = SandboxAlteration.None;

    /// <summary>
    /// Of the server's calls to the sandbox every so many fails, as if the provider were down. Up to 1,000; 0, the
    /// default, is none.
    /// </summary>
    [Range(0, 1_000)]
    public int FailEvery { get; init; }

    /// <summary>
    /// Payments and refunds whose events are still to be delivered. Whoever would end one more is told to come again,
    /// and a refund is asked for again.
    /// </summary>
    [Range(16, 1_048_576)]
    public int MaxWaiting { get; init; } = 65_536;
}

/// <summary>What the sandbox can make wrong in a capture.</summary>
public enum SandboxAlteration
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is of another amount.</summary>
    Amount,

    /// <summary>It is in another currency.</summary>
    Currency,

    /// <summary>It names an order that does not exist.</summary>
    Order,

    /// <summary>It was changed after it was signed.</summary>
    Signature,

    /// <summary>It was signed ten minutes ago.</summary>
    Time,
}
