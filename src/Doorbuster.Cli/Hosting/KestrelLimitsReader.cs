using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Doorbuster.AspNetCore.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Doorbuster.Cli.Hosting;

/// <summary>Reads, checks and applies <see cref="KestrelLimits"/>.</summary>
internal static class KestrelLimitsReader
{
    /// <summary>Reads the limits.</summary>
    /// <exception cref="InvalidSettingsException">Some are wrong; it names them.</exception>
    public static KestrelLimits Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(KestrelLimits.Section);
        var properties = typeof(KestrelLimits).GetProperties();
        var limits = Bind(section);
        string[] violations =
        [
            .. from setting in section.GetChildren()
               where !properties.Any(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase))
               select $"{setting.Path} is no setting; {KestrelLimits.Section} has "
                   + $"{string.Join(", ", properties.Select(property => property.Name))}. Mend the name, or remove it.",
            .. from property in properties
               let range = property.GetCustomAttribute<RangeAttribute>()
               let value = property.GetValue(limits)
               where range?.IsValid(value) == false
               select $"{KestrelLimits.Section}:{property.Name} is '{value}'; it must be from {range.Minimum} to "
                   + $"{range.Maximum}. Change it, or remove it.",
        ];
        return violations.Length == 0 ? limits : throw new InvalidSettingsException(violations);
    }

    /// <summary>Checks the limits against those of Doorbuster: watchers must leave connections to buyers.</summary>
    /// <exception cref="InvalidSettingsException">They do not.</exception>
    public static void Check(KestrelLimits limits, Limits doorbuster)
    {
        if (doorbuster.MaxWatchers >= limits.MaxConcurrentConnections)
        {
            throw new InvalidSettingsException($"Doorbuster:Limits:MaxWatchers is {doorbuster.MaxWatchers}; it must be "
                + $"less than {KestrelLimits.Section}:{nameof(limits.MaxConcurrentConnections)}, which is "
                + $"{limits.MaxConcurrentConnections}: watchers would take the connections that buyers need. Lower the "
                + "one, or raise the other.");
        }
    }

    /// <summary>Applies the limits.</summary>
    public static void Apply(KestrelLimits limits, KestrelServerLimits kestrel)
    {
        kestrel.MaxConcurrentConnections = limits.MaxConcurrentConnections;
        kestrel.MaxRequestBodySize = limits.MaxRequestBodySize;
        kestrel.MaxRequestHeadersTotalSize = limits.MaxRequestHeadersTotalSize;
        kestrel.RequestHeadersTimeout = limits.RequestHeadersTimeout;
        kestrel.KeepAliveTimeout = limits.KeepAliveTimeout;
    }

    private static KestrelLimits Bind(IConfiguration section)
    {
        try
        {
            return section.Get<KestrelLimits>() ?? new();
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidSettingsException($"{failure.Message} Mend the setting, or remove it.");
        }
    }
}
