using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>How settings of payments must stand to each other, and what their texts must spell.</summary>
internal static class PaymentRules
{
    private const string Provider = "Doorbuster:Payments:Provider";
    private const string Url = "Doorbuster:Payments:Url";
    private const string WebhookSecrets = "Doorbuster:Payments:WebhookSecrets";
    private const string RequestSecrets = "Doorbuster:Payments:RequestSecrets";

    /// <summary>Every violation, a message each.</summary>
    public static IEnumerable<string> Violations(DoorbusterOptions options)
    {
        var payments = options.Payments;
        return
        [
            .. OfSecrets(WebhookSecrets, payments.WebhookSecrets),
            .. OfSecrets(RequestSecrets, payments.RequestSecrets),
            .. payments.Provider == PaymentProviderKind.Http ? OfHttp(payments) : OfOthers(payments),
            .. OfSandbox(options),
        ];
    }

    /// <summary>Whether an address is one that secrets may be sent to: https, or http on this machine.</summary>
    public static bool IsSafe(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && IsSafe(url);

    /// <summary>Whether an address is one that secrets may be sent to: https, or http on this machine.</summary>
    public static bool IsSafe(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private static IEnumerable<string> OfSecrets(string name, IReadOnlyList<string> secrets)
    {
        if (secrets.Count > WebhookKeys.MaxKeys)
        {
            yield return $"{name} has {secrets.Count} keys; it must have at most {WebhookKeys.MaxKeys}. Remove those "
                + "that no longer sign.";
        }

        for (var i = 0; i < secrets.Count; i++)
        {
            if (!WebhookKeys.TryParse(secrets[i], out _))
            {
                yield return $"{name}:{i} is not shown here; it must be whsec_ and 24 to 64 bytes in base64. Draw one "
                    + "with `echo whsec_$(openssl rand -base64 32)`.";
            }
        }
    }

    private static IEnumerable<string> OfHttp(PaymentOptions payments)
    {
        if (payments.Url is null)
        {
            yield return $"{Url} is not set; with {Provider}=http it must say where payments are opened. Set it.";
        }
        else if (!IsSafe(payments.Url))
        {
            yield return $"{Url} is '{payments.Url}'; it must be an https address (http on loopback alone). Change it.";
        }

        if (payments.WebhookSecrets.Count == 0)
        {
            yield return $"{WebhookSecrets}:0 is not set; with {Provider}=http it must be the key that payment events "
                + "are signed with. Set it.";
        }

        if (payments.RequestSecrets.Count == 0)
        {
            yield return $"{RequestSecrets}:0 is not set; with {Provider}=http it must be a key that calls to {Url} "
                + "are signed with. Set it.";
        }
        else if (payments.RequestSecrets.Intersect(payments.WebhookSecrets, StringComparer.Ordinal).Any())
        {
            yield return $"{RequestSecrets} and {WebhookSecrets} share a key; what one side signs could then be sent "
                + "back to it as the other's. Draw another.";
        }
    }

    private static IEnumerable<string> OfOthers(PaymentOptions payments)
    {
        if (payments.Url is not null)
        {
            yield return $"{Url} is '{payments.Url}', and {Provider} is not http; nothing would call it. Set "
                + $"{Provider}=http, or remove it.";
        }

        if (payments.RequestSecrets.Count > 0)
        {
            yield return $"{RequestSecrets}:0 is set, and {Provider} is not http; nothing would be signed with it. Set "
                + $"{Provider}=http, or remove it.";
        }
    }

    private static IEnumerable<string> OfSandbox(DoorbusterOptions options)
    {
        const string Setting = "Doorbuster:Payments:Sandbox:Url";
        if (options.Payments.Provider == PaymentProviderKind.Sandbox && options.Identity.Authority is not null)
        {
            yield return $"{Provider} is sandbox beside Doorbuster:Identity:Authority; anyone could pay with nothing "
                + $"where real buyers sign in. Set {Provider}=http, or remove it.";
        }

        if (options.Payments.Sandbox.Url is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"{Setting} is '{url}'; it must be an http or https address. Change it.";
        }
    }
}
