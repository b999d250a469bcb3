using System.Text;
using Doorbuster.Sql.Postgres;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>What no single range can say: how settings must stand to each other, and what a text must spell.</summary>
internal static class SettingsRules
{
    private const string Identity = $"{DoorbusterOptions.Section}:{nameof(DoorbusterOptions.Identity)}";
    private const string Authority = $"{Identity}:{nameof(IdentityOptions.Authority)}";
    private const string Audience = $"{Identity}:{nameof(IdentityOptions.Audience)}";
    private const string SigningKey = $"{Identity}:{nameof(IdentityOptions.SigningKey)}";
    private const string Guests = $"{Identity}:{nameof(IdentityOptions.Guests)}";

    /// <summary>Everything that is broken, a message each.</summary>
    public static IEnumerable<string> Violations(DoorbusterOptions options) =>
    [
        .. OfLimits(options.Limits), .. OfIdentity(options.Identity), .. OfTokenKeys(options.PurchaseTokens.Keys),
        .. OfCors(options.Cors.Origins), .. OfPostgres(options.Postgres), .. OfReaders(options),
    ];

    private static IEnumerable<string> OfLimits(Limits limits) =>
    [
        .. Above(nameof(limits.BatchSize), limits.BatchSize, nameof(limits.LaneCapacity), limits.LaneCapacity),
        .. Above(
            nameof(limits.OrderBatchSize), limits.OrderBatchSize,
            nameof(limits.OrderQueueCapacity), limits.OrderQueueCapacity),
        .. Above(
            nameof(limits.MaxWatchersPerSale), limits.MaxWatchersPerSale,
            nameof(limits.MaxWatchers), limits.MaxWatchers),
    ];

    /// <summary>What is wrong with a limit that is above the one that holds it.</summary>
    private static IEnumerable<string> Above(string name, int value, string most, int atMost)
    {
        if (value > atMost)
        {
            yield return $"Doorbuster:Limits:{name} is {value}; it must not be more than Doorbuster:Limits:{most}, "
                + $"which is {atMost}. Lower the one, or raise the other.";
        }
    }

    private static IEnumerable<string> OfReaders(DoorbusterOptions options)
    {
        var (readers, audits) = (options.Sqlite.Readers, options.Limits.AuditsAtOnce);
        if (options.Store == StoreKind.Sqlite && readers <= audits)
        {
            yield return $"Doorbuster:Sqlite:Readers is {readers}; it must be more than "
                + $"Doorbuster:Limits:AuditsAtOnce, which is {audits}: an audit keeps a reader to itself, "
                + "and what is due could not be read meanwhile. Raise the one, or lower the other.";
        }
    }

    private static IEnumerable<string> OfPostgres(PostgresOptions postgres)
    {
        if (!PostgresOptions.IsSchema(postgres.Schema))
        {
            yield return $"Doorbuster:Postgres:Schema is '{postgres.Schema}'; it must be small letters, digits and "
                + "underscores, a letter first and at most 63. Change it.";
        }
    }

    private static IEnumerable<string> OfIdentity(IdentityOptions identity)
    {
        if (identity.SigningKey is { } key && KeyText.Fault(key) is { } fault)
        {
            yield return $"{SigningKey} {fault}";
        }

        if (identity.Authority is not { } authority)
        {
            yield break;
        }

        if (!IsAuthority(authority))
        {
            yield return $"{Authority} is '{authority}'; it must be the https address of an OpenID Connect issuer "
                + "(http on loopback alone). Change it.";
        }

        if (identity.Audience is null)
        {
            yield return $"{Audience} is not set; with an Authority it must name this service, for the issuer's tokens "
                + "for others are not ours. Set it.";
        }

        if (identity.SigningKey is not null)
        {
            yield return $"{SigningKey} is set beside {Authority}; only one of them can say who is who. Remove one.";
        }

        if (identity.Guests == true)
        {
            yield return $"{Guests} is true beside {Authority}; nobody could tell guests from the issuer's buyers. "
                + "Remove it.";
        }
    }

    private static IEnumerable<string> OfCors(IReadOnlyList<string> origins)
    {
        const string Name = "Doorbuster:Cors:Origins";
        if (origins.Count > CorsOptions.MaxOrigins)
        {
            yield return $"{Name} has {origins.Count} origins; it must have at most {CorsOptions.MaxOrigins}. Remove "
                + "those that no page has any more.";
        }

        for (var i = 0; i < origins.Count; i++)
        {
            if (!IsOrigin(origins[i]))
            {
                yield return $"{Name}:{i} is '{origins[i]}'; it must be an origin as a browser spells it, such as "
                    + "https://shop.example.com: small letters, a port only where it is not the usual one, and no "
                    + "path. Change it.";
            }
        }
    }

    /// <summary>A browser sends nothing after name and port, so anything else would never be equal to it.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && Ascii.IsValid(text)
        && text == $"{uri.Scheme}://{uri.Authority}";

    private static IEnumerable<string> OfTokenKeys(IReadOnlyList<string> keys)
    {
        const string Name = "Doorbuster:PurchaseTokens:Keys";
        if (keys.Count > PurchaseTokenOptions.MaxKeys)
        {
            yield return $"{Name} has {keys.Count} keys; it must have at most {PurchaseTokenOptions.MaxKeys}. Remove "
                + "those that no longer sign.";
        }

        for (var i = 0; i < keys.Count; i++)
        {
            if (KeyText.Fault(keys[i]) is { } fault)
            {
                yield return $"{Name}:{i} {fault}";
            }
        }
    }

    private static bool IsAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
