using System.ComponentModel.DataAnnotations;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>
/// Who takes the money (<c>Doorbuster:Payments</c>). With no provider named, the sandbox does on loopback, and outside
/// loopback the start asks for one; a provider that the host program has registered takes the place of all this.
/// </summary>
public sealed record PaymentOptions
{
    /// <summary>
    /// Who takes the money: <c>http</c>, the shop's own server at <see cref="Url"/>, or <c>sandbox</c>, which moves
    /// none. Default: the sandbox, on loopback and without an <see cref="IdentityOptions.Authority"/> alone.
    /// </summary>
    public PaymentProviderKind? Provider { get; init; }

    /// <summary>
    /// Keys of whoever reports payments to <c>POST /v1/payment-events</c>, as Standard Webhooks has them:
    /// <c>whsec_</c> and 24 to 64 bytes in base64, at most 8; each is accepted, so that keys can be rotated. Required
    /// with <c>http</c>. The sandbox signs with each. Default: none; the sandbox then has a key of its own.
    /// </summary>
    [Secret]
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    /// <summary>
    /// With <c>http</c>: where payments are opened and given back, <c>https</c>, or <c>http</c> on loopback.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>
    /// With <c>http</c>: keys that sign what is sent to <see cref="Url"/>, of the same form; each signs, so that the
    /// receiver can rotate them. They must be others than <see cref="WebhookSecrets"/>.
    /// </summary>
    [Secret]
    public IReadOnlyList<string> RequestSecrets { get; init; } = [];

    /// <summary>With <c>http</c>: how long a call waits for its answer. From 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>With <c>http</c>: calls under way at once; others wait. From 1 to 1,024.</summary>
    [Range(1, 1_024)]
    public int Connections { get; init; } = 64;

    /// <summary>What the sandbox does.</summary>
    public SandboxOptions Sandbox { get; init; } = new();
}
