using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>Prefer: wait=N</c> (RFC 7240, section 4.3): the seconds for which a claim's caller would wait for a final answer.
/// Where the gate commits before it answers, every answer is final and within any wait; where it queues, the answer
/// waits so long for the order to stand.
/// </summary>
internal static class WaitPreference
{
    /// <summary>The longest wait, in seconds; one that is longer is ignored, as section 2 has it.</summary>
    public const int MaxSeconds = 10;

    private const string Header = "Prefer";
    private const string AppliedHeader = "Preference-Applied";

    /// <summary>Says in the answer that the preference was kept, where the request has one that can be.</summary>
    /// <returns>The seconds asked for; null where there is no such preference.</returns>
    public static int? Acknowledge(HttpContext context)
    {
        var header = context.Request.Headers[Header];
        if (header.Count == 0 || Read(header) is not { } seconds)
        {
            return null;
        }

        context.Response.Headers[AppliedHeader] = $"wait={seconds}";
        return seconds;
    }

    /// <summary>The seconds asked for; null where there is no such preference, or none that can be kept.</summary>
    public static int? Read(StringValues header)
    {
        foreach (var value in header)
        {
            foreach (var preference in (value ?? "").Split(','))
            {
                // A preference may have parameters; that of a wait means nothing to anyone.
                var (name, text) = Parts(preference.Split(';')[0]);
                if (name.Equals("wait", StringComparison.OrdinalIgnoreCase))
                {
                    // Of several, the first counts and the others are as if they were not there.
                    return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                        && seconds <= MaxSeconds
                        ? seconds
                        : null;
                }
            }
        }

        return null;
    }

    /// <summary>A preference's name and value, of which blanks and quotes are no part.</summary>
    private static (string Name, string Value) Parts(string preference)
    {
        var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
        var value = parts.Length == 2 ? parts[1] : "";
        return (parts[0], value is ['"', .. var quoted, '"'] ? quoted : value);
    }
}
