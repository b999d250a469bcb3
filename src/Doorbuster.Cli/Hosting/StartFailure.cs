using Doorbuster.AspNetCore.Settings;
using Doorbuster.Sql;

namespace Doorbuster.Cli.Hosting;

/// <summary>Tells why something did not start.</summary>
internal static class StartFailure
{
    /// <summary>
    /// Whether the operator can mend it, so that its message is enough: an address in use, settings that are wrong, a
    /// data directory that is another's, a database that is none. For anything else the stack trace says more.
    /// </summary>
    public static bool IsMendable(Exception failure) => failure is
        InvalidSettingsException or StoreLockedException or InvalidOperationException or StoreUnavailableException
        or IOException or UnauthorizedAccessException or FormatException;
}
