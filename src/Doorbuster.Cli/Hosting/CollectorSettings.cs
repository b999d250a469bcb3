using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.Cli.Hosting;

/// <summary>
/// Whether a collector is named, by OpenTelemetry's own variable, in the environment or any other place of settings.
/// The rest of OpenTelemetry's variables are read by its SDK, from the same places.
/// </summary>
internal static class CollectorSettings
{
    /// <summary>Where the collector is.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How it is spoken to.</summary>
    public const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private const string Disabled = "OTEL_SDK_DISABLED";

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    /// <summary>The collector's address; null where none is named, or OpenTelemetry is disabled.</summary>
    /// <exception cref="InvalidSettingsException">What is set is no address, or no protocol.</exception>
    public static Uri? Find(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } text
            || string.Equals(configuration[Disabled], "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new InvalidSettingsException(
                $"{Endpoint} is '{text}'; it must be the address of an OTLP collector, http://127.0.0.1:4317 for "
                + "example. Change it, or remove it.");
        }

        if (configuration[Protocol] is { Length: > 0 } protocol && !Protocols.Contains(protocol))
        {
            throw new InvalidSettingsException(
                $"{Protocol} is '{protocol}'; it must be {string.Join(" or ", Protocols)}. Change it, or remove it.");
        }

        return address;
    }
}
