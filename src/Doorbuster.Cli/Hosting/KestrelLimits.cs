using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Cli.Hosting;

/// <summary>
/// What one client may take of the server before a claim is even read (settings <c>Kestrel:Limits</c>). An open door to
/// everyone needs lower limits than the framework's own.
/// </summary>
internal sealed record KestrelLimits
{
    /// <summary>The section's name.</summary>
    public const string Section = "Kestrel:Limits";

    /// <summary>Connections open at once; a further one is closed. From 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConcurrentConnections { get; init; } = 20_000;

    /// <summary>
    /// Bytes of a request's body that are read and thrown away, so that its refusal, at 16 KiB, reaches a client which
    /// is still sending. From 16,384 to 1,048,576.
    /// </summary>
    [Range(16_384, 1_048_576)]
    public int MaxRequestBodySize { get; init; } = 1_048_576;

    /// <summary>Bytes of a request's headers together. From 2,048 to 65,536.</summary>
    [Range(2_048, 65_536)]
    public int MaxRequestHeadersTotalSize { get; init; } = 16 * 1_024;

    /// <summary>Within which a request's headers must arrive. From 1 s to 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan RequestHeadersTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be idle between requests. From 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(130);
}
