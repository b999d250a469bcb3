using System.Security.Cryptography;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Payments;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>How this server takes money: who does it, and whose word about it counts.</summary>
internal sealed class Till : IDisposable
{
    private Till(IPaymentProvider? provider, WebhookKeys events, IReadOnlyList<string> missing)
    {
        Provider = provider;
        Events = events;
        Missing = missing;
    }

    /// <summary>Who takes the money; null where nobody does.</summary>
    public IPaymentProvider? Provider { get; }

    /// <summary>Whose events are believed.</summary>
    public WebhookKeys Events { get; }

    /// <summary>The sandbox; null where another takes the money.</summary>
    public SandboxProvider? Sandbox => Provider as SandboxProvider;

    /// <summary>The settings without which the server accepts loopback alone; empty where they are all there.</summary>
    public IReadOnlyList<string> Missing { get; }

    private static ReadOnlySpan<byte> EventsPurpose => "doorbuster sandbox events"u8;

    private static ReadOnlySpan<byte> LinksPurpose => "doorbuster sandbox links"u8;

    /// <summary>Takes the provider that the settings name, or that the host program has.</summary>
    /// <param name="options">The settings, found right.</param>
    /// <param name="keys">The server's keys; the sandbox derives its own.</param>
    /// <param name="own">The host program's provider; null where it has none.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Where ids come from.</param>
    /// <param name="loggers">Where the sandbox says what went wrong.</param>
    /// <exception cref="InvalidSettingsException">
    /// This node works alone, and would give money back to nobody.
    /// </exception>
    public static Till Open(
        DoorbusterOptions options, ServerKeys keys, IPaymentProvider? own, TimeProvider clock, RandomSource random,
        ILoggerFactory loggers)
    {
        var till = Choose(options, keys, own, clock, random, loggers);
        var isNobodys = till.Provider is null || (till.Sandbox is not null && options.Payments.Sandbox.Url is null);
        return options.Roles == RoleKind.Worker && isNobodys
            ? throw new InvalidSettingsException(
                "Doorbuster:Roles is worker, and nothing says who takes the money: a node that works gives it back, by "
                + "the provider of the nodes that answer. Set Doorbuster:Payments:Provider as it is there, or, where "
                + "that is the sandbox, Doorbuster:Payments:Sandbox:Url to the address of one of them.")
            : till;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Another provider is the host program's, and so is its end.
        (Provider as HttpPaymentProvider)?.Dispose();
        Sandbox?.Dispose();
    }

    private static Till Choose(
        DoorbusterOptions options, ServerKeys keys, IPaymentProvider? own, TimeProvider clock, RandomSource random,
        ILoggerFactory loggers)
    {
        var payments = options.Payments;
        var events = KeysOf(payments.WebhookSecrets);
        if (own is not null)
        {
            return new Till(own, new WebhookKeys(events), []);
        }

        if (payments.Provider == PaymentProviderKind.Http)
        {
            var requests = new WebhookKeys(KeysOf(payments.RequestSecrets));
            return new Till(new HttpPaymentProvider(payments, requests, clock), new WebhookKeys(events), []);
        }

        string[] missing = payments.Provider is null ? ["Doorbuster:Payments:Provider"] : [];
        if (options.Identity.Authority is not null)
        {
            return new Till(null, new WebhookKeys(events), missing);
        }

        var both = new WebhookKeys(events.Count > 0 ? events : [Derive(keys, EventsPurpose)]);
        var sandbox = new SandboxProvider(
            payments.Sandbox, Derive(keys, LinksPurpose), both, clock, random,
            loggers.CreateLogger<SandboxProvider>());
        return new Till(sandbox, both, missing);
    }

    private static List<byte[]> KeysOf(IReadOnlyList<string> secrets) =>
        [.. secrets.Select(secret => WebhookKeys.TryParse(secret, out var key)
            ? key
            : throw new ArgumentException("A key was not checked before it is used.", nameof(secrets)))];

    private static byte[] Derive(ServerKeys keys, ReadOnlySpan<byte> purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.PurchaseTokens[0], KeyedHash.Size, info: purpose.ToArray());
}
