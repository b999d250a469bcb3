using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Doorbuster.AspNetCore.Json;

/// <summary>
/// Durations as ISO 8601 has them, in whole days, hours, minutes and seconds: <c>PT10M</c>, <c>P1DT30S</c>. Years and
/// months are refused, because they have no fixed length.
/// </summary>
internal static partial class IsoDuration
{
    /// <summary>Reads a duration.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        // At most five digits each, so that nothing overflows.
        duration = TimeSpan.FromSeconds(
            Number(match, "d") * 86_400L + Number(match, "h") * 3_600L + Number(match, "m") * 60L + Number(match, "s"));
        return true;
    }

    /// <summary>Writes a duration, in hours, minutes and seconds.</summary>
    public static string Write(TimeSpan duration)
    {
        var text = new StringBuilder("PT");
        Append(text, (int)duration.TotalHours, 'H');
        Append(text, duration.Minutes, 'M');
        Append(text, duration.Seconds, 'S');
        return text.Length > 2 ? text.ToString() : "PT0S";
    }

    private static long Number(Match match, string group) =>
        match.Groups[group] is { Success: true, ValueSpan: var digits }
            ? long.Parse(digits, CultureInfo.InvariantCulture)
            : 0;

    private static void Append(StringBuilder text, int number, char unit)
    {
        if (number > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
        }
    }

    [GeneratedRegex(
        @"\AP(?=.)((?<d>[0-9]{1,5})D)?(T(?=.)((?<h>[0-9]{1,5})H)?((?<m>[0-9]{1,5})M)?((?<s>[0-9]{1,5})S)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
